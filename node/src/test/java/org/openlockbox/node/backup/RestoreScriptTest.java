package org.openlockbox.node.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.node.process.NodeFailure;

/// Small programs stand for `pg_restore` and `psql`; the real ones restore in `BackupCommandTest`.
class RestoreScriptTest {
  private static final String HEAD = "\\\\restrict x\nSET lock_timeout = 0;\n";
  private static final String SETTING = "SET transaction_timeout = 0;\n";

  @TempDir private Path directory;

  private RestoreScript script(String writer, String reader, boolean knows) {
    return new RestoreScript(shell(writer), shell(reader), knows);
  }

  private ProcessBuilder shell(String text) {
    return new ProcessBuilder("sh", "-c", text).directory(directory.toFile());
  }

  private String typed() throws IOException {
    Path typed = directory.resolve("typed");
    return Files.exists(typed) ? Files.readString(typed, UTF_8) : "";
  }

  private static String prints(String text) {
    return "printf '%b' '" + text.replace("\n", "\\n") + "'";
  }

  @Test
  void aSettingThatTheDatabaseDoesNotKnowIsLeftOut() throws IOException {
    script(prints(HEAD + SETTING + "COPY;\nno line end"), "cat >typed", false).type();
    assertThat(typed()).isEqualTo("\\restrict x\nSET lock_timeout = 0;\nCOPY;\nno line end");
  }

  @Test
  void aDatabaseThatKnowsItGetsIt() throws IOException {
    script(prints(HEAD + SETTING), "cat >typed", true).type();
    assertThat(typed()).endsWith(SETTING);
  }

  @Test
  void aRowThatReadsLikeTheSettingIsKept() throws IOException {
    String rows = "row\n".repeat(40) + SETTING;
    script(prints(rows), "cat >typed", false).type();
    assertThat(typed()).isEqualTo(rows);
  }

  @Test
  void aDumpThatBreaksIsNotCommitted() throws IOException {
    var broken =
        script(
            "echo half; echo 'it is cut short' >&2; exit 3", "cat >typed; echo end >>typed", true);
    assertThatThrownBy(broken::type)
        .isInstanceOf(NodeFailure.class)
        .hasMessageContaining("pg_restore says: it is cut short");
    assertThat(typed()).doesNotContain("end");
  }

  @Test
  void whatTheDatabaseRefusesIsSaid() {
    var refused =
        script("yes", "head -n 3 >/dev/null; echo 'relation is there already' >&2; exit 3", true);
    assertThatThrownBy(refused::type)
        .isInstanceOf(NodeFailure.class)
        .hasMessageContaining("psql says: relation is there already");
  }

  @Test
  void aProgramThatIsMissingIsNamed() {
    var missing =
        new RestoreScript(new ProcessBuilder("no-such-program"), shell("cat >typed"), true);
    assertThatThrownBy(missing::type)
        .isInstanceOf(NodeFailure.class)
        .hasMessageContaining("pg_restore is needed");
  }
}
