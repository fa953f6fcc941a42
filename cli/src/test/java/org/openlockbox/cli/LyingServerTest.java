package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.testing.SettableClock;

/// A server that lies gets no word of its own into a shell or a URL, and no other request answered
/// for than the one that was named.
final class LyingServerTest {
  private static final String REQUEST = "R-7K3F92QX4M";

  @TempDir private Path home;
  private final StubServer server = new StubServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell shell() {
    return new Shell(home, new SettableClock());
  }

  private static String request(String state) {
    return """
    {"id":"%s","state":"%s","tenant":"acme","resource":"helpdesk","level":"masked",
     "expireTime":"2026-01-05T09:30:00Z","engineer":{"id":"eve"},"ticket":"SUP-1"}\
    """
        .formatted(REQUEST, state);
  }

  @ParameterizedTest
  @CsvSource({
    "GET; touch /tmp/owned; #, tickets.list, read",
    "GET, tickets;$(touch /tmp/owned), read",
    "GET, tickets.list, $(touch /tmp/owned)"
  })
  void aCommandThatIsEvaluatedHasNoWordOfTheServersThatAShellReads(
      String method, String name, String level) {
    server.on(
        "GET /v1/requests/" + REQUEST,
        200,
        request("approved").replace("\"level\"", "\"protocol\":\"http\",\"level\""));
    var route =
        Json.object()
            .put("name", name)
            .put("method", method)
            .put("path", "/tickets")
            .put("level", level)
            .build();
    var answer =
        Json.object()
            .put("host", "gw.example")
            .put("port", 8433)
            .put("routes", List.of(route))
            .build();
    server.on(
        "POST /v1/tenants/acme/requests/" + REQUEST + "/connects", 200, CanonicalJson.text(answer));
    var result = shell().at(server).run("connect", REQUEST, "curl");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("the server's answer names no valid");
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example/x?sslmode=disable&y=",
        "evil.example:5432/x?socketFactory=org.evil.Factory&y=",
        "a.example,b.example",
        "/tmp",
        "$(touch"
      })
  void aHostThatMeansMoreInAUrlIsNone(String host) {
    server.on("GET /v1/requests/" + REQUEST, 200, request("approved"));
    var answer =
        Json.object().put("host", host).put("port", 8432).put("database", "helpdesk").build();
    server.on(
        "POST /v1/tenants/acme/requests/" + REQUEST + "/connects", 200, CanonicalJson.text(answer));
    for (var form : List.of("jdbc", "url", "env")) {
      var result = shell().at(server).run("connect", REQUEST, form);
      assertThat(result.exit()).as(form).isEqualTo(1);
      assertThat(result.err()).contains("names no valid host");
      assertThat(result.out()).isEmpty();
    }
  }

  @Test
  void anAnswerAboutAnotherRequestIsNone() {
    server.on(
        "GET /v1/requests/" + REQUEST, 200, request("approved").replace(REQUEST, "R-0000000000"));
    for (var typed : List.of("connect %s env", "complete %s", "request show %s")) {
      var result = shell().at(server).run(typed.formatted(REQUEST).split(" ", -1));
      assertThat(result.exit()).as(typed).isEqualTo(1);
      assertThat(result.err()).contains("asked about " + REQUEST, "R-0000000000");
    }
    assertThat(server.asked()).noneMatch(line -> line.startsWith("POST"));
  }

  @Test
  void wordsFromTheServerCannotDriveTheTerminal() {
    assertThat(Terminal.clean("a\u001b[2Jb\u202ec")).isEqualTo("a\\u001b[2Jb\\u202ec");
  }
}
