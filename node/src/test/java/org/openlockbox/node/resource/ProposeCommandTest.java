package org.openlockbox.node.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.node.Main;
import org.openlockbox.node.process.CommandRunner;

/// Wrong arguments of `lockbox resource propose`: exit code 2 and one sentence, before anything is
/// dialled or written.
final class ProposeCommandTest {
  private static final String DATABASE = "--database postgresql://localhost:1/shop ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shop                                           | which database?",
        "shop --database postgresql://localhost:1/shop  | who reads?",
        "Shop --database postgresql://localhost:1/shop  | lower-case letters",
        "shop --database postgresql://a:canary@b/shop   | holds a password",
        "shop --sample 0                                | --no-sample looks at none",
        "shop --tenant acme --tenant-column tenant_id   | leave one of the two out",
        "shop --update none.yaml                        | none.yaml cannot be read",
        "shop --update a.yaml --tenant-column tenant_id | --update keeps the tenant column",
        "shop --update a.yaml --link a.b=c.d            | --link is for a new draft",
      })
  void aWrongArgumentIsNamed(String arguments, String sentence) {
    var said = run(arguments);
    assertThat(said).contains(sentence).doesNotContain("canary").startsWith("2 ");
  }

  @Test
  void aFileThatIsThereIsNotReplaced(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("resources.yaml"), "mine");
    var said = run("shop " + DATABASE + "--as dba --out " + file);
    assertThat(said).startsWith("2 ").contains("is there already", "--update " + file);
    assertThat(file).hasContent("mine");
  }

  @Test
  void aPasswordFileThatOthersCanReadIsRefused(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("password"), "canary");
    var said = run("shop " + DATABASE + "--as dba --password-file " + file);
    assertThat(said).startsWith("1 ").contains("chmod 600").doesNotContain("canary");
  }

  private static String run(String arguments) {
    var said = new ByteArrayOutputStream();
    var before = System.err;
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      int exit = CommandRunner.run(new Main(), ("resource propose " + arguments).split(" +", -1));
      return exit + " " + said.toString(StandardCharsets.UTF_8);
    } finally {
      System.setErr(before);
    }
  }
}
