package org.openlockbox.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HelpTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "init",
        "doctor",
        "up",
        "resource",
        "resource propose",
        "resource plan",
        "resource check",
        "resource suspend",
        "resource resume",
        "token",
        "token new",
        "token revoke",
        "person",
        "person add",
        "person role",
        "person remove",
        "person ls",
        "rewrap",
        "log-keys",
        "log-keys new",
        "log-keys rotate",
        "log-keys retire",
        "log-keys show"
      })
  void theHelpOfEveryVerbHasAnExampleAndNamesTheExitCodes(String verb) {
    var said = new ByteArrayOutputStream();
    var before = System.out;
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertThat(Main.run((verb + " --help").split(" ", -1))).isZero();
    } finally {
      System.setOut(before);
    }
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("Example:", "  lockbox " + verb, "Exit codes:", "12   a port is taken");
  }
}
