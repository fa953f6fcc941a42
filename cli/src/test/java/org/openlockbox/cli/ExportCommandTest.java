package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.testing.SettableClock;

final class ExportCommandTest {
  @TempDir Path home;
  private final StubServer server = new StubServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell.Result run(String... words) {
    server.on("GET /v1/whoami", 200, "{\"tenant\":\"acme\"}");
    return new Shell(home, new SettableClock()).at(server).run(words);
  }

  private void serves(String text) {
    server.onBytes("GET /v1/tenants/acme/export", () -> text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "jsonl|{\"id\":\"acme/8\",\"position\":\"8\"};{\"position\":\"9.closing\"};|9.closing",
        "ocsf|{\"metadata\":{\"uid\":\"acme/12\"},\"user\":{\"uid\":\"eve\"}};|12",
        "csv|position,text;3,\"two;lines\";4,x;|4",
      })
  void whatTheServerSendsIsWrittenAsItIsAndTheLastPositionSaid(
      String form, String sent, String position) throws IOException {
    String text = sent.replace(';', '\n');
    serves(text);
    Path file = home.resolve("events");
    Shell.Result result = run("export", "--format", form, "--out", file.toString());
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(Files.readString(file)).isEqualTo(text);
    assertThat(result.err()).contains("--format " + form + " --after " + position);
    assertThat(run("export", "--format", form).out()).isEqualTo(text);
  }

  @Test
  void aHalfRecordIsNotWrittenAndIsAFailure() throws IOException {
    serves("{\"position\":\"8\"}\n{\"position\":\"9\"");
    Path file = home.resolve("events");
    Shell.Result result = run("export", "--out", file.toString());
    assertThat(result.exit()).isEqualTo(8);
    assertThat(Files.readString(file)).isEqualTo("{\"position\":\"8\"}\n");
    assertThat(result.err()).contains("broke off", "--after 8");
  }

  @Test
  void whatTheServerRefusesIsSaid() {
    server.on(
        "GET /v1/tenants/acme/export",
        400,
        "{\"status\":400,\"code\":\"malformed\",\"detail\":\"'after': no position\"}");
    Shell.Result result = run("export", "--after", "x");
    assertThat(result.exit()).isNotZero();
    assertThat(result.err()).contains("no position");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aTenantSeesHowFarItsSinksAreAndAnOperatorSeesAll() {
    server.on(
        "GET /v1/tenants/acme/export/sinks",
        200,
        "{\"size\":9,\"sinks\":[{\"sink\":\"siem\",\"delivered\":7,\"state\":\"failing\"}]}");
    assertThat(run("export", "status").out()).contains("siem", "7", "9", "failing");
    server.on("GET /v1/whoami", 200, "{}");
    server.on(
        "GET /v1/export/sinks",
        200,
        "{\"sinks\":[{\"sink\":\"siem\",\"where\":\"syslog"
            + " s:1\",\"entriesWaiting\":2,\"lastError\":\"refused\"}]}");
    var result = new Shell(home, new SettableClock()).at(server).run("export", "status");
    assertThat(result.out()).contains("syslog s:1", "refused");
  }

  /// An escape sequence as JSON may and may not write it, a C1 control, an override of direction,
  /// and a line that passes for another.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\u001b[2J",
        "\\u001b]0;title\\u0007",
        "\u001b[2J",
        "\\u009b2J",
        "\u009b2J",
        "\u202e",
        "a\\nb"
      })
  void nothingThatASinkOrTheServerSaysMovesTheCursorOrHidesWords(String hostile) {
    server.on("GET /v1/whoami", 200, "{}");
    server.on(
        "GET /v1/export/sinks",
        200,
        """
        {"sinks":[{"sink":"siem","where":"%1$s","lastError":"%1$s all is well"}]}\
        """
            .formatted(hostile));
    isHarmless(new Shell(home, new SettableClock()).at(server).run("export", "status"));
    isHarmless(
        new Shell(home, new SettableClock()).at(server).run("export", "status", "-o", "json"));
    server.on(
        "GET /v1/export/sinks",
        422,
        """
        {"title":"%1$s","detail":"%1$s","hint":"%1$s","errors":[{"pointer":"%1$s"}]}\
        """
            .formatted(hostile));
    isHarmless(new Shell(home, new SettableClock()).at(server).run("export", "status"));
  }

  private static void isHarmless(Shell.Result said) {
    for (String text : List.of(said.out(), said.err())) {
      assertThat(text.replace("\n", "")).doesNotContainPattern("[\\p{Cc}\\p{Cf}]");
      assertThat(text.lines()).noneMatch(line -> line.startsWith("b"));
    }
  }

  @Test
  void whatASinkAnsweredStandsInQuotationMarks() {
    server.on("GET /v1/whoami", 200, "{}");
    server.on(
        "GET /v1/export/sinks",
        200,
        "{\"sinks\":[{\"sink\":\"siem\",\"where\":\"s:1\",\"lastError\":\"none. All is well\"}]}");
    var result = new Shell(home, new SettableClock()).at(server).run("export", "status");
    assertThat(result.out()).contains("\u201cnone. All is well\u201d");
  }
}
