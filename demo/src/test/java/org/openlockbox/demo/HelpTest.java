package org.openlockbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class HelpTest {
  @Test
  void theHelpOfTheDemoHasAnExampleAndNamesTheExitCodes() {
    var said = new ByteArrayOutputStream();
    var before = System.out;
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertThat(Main.run("demo", "--help")).isZero();
    } finally {
      System.setOut(before);
    }
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("Example:", "  lockbox demo", "Exit codes:", "12   a port is taken");
  }
}
