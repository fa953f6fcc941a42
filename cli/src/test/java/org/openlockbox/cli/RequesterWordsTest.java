package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.testing.HostileTexts;
import org.openlockbox.core.testing.SettableClock;

/// Words of the requester's side, of the database and of approvers in a terminal: each on its own
/// line or in quotation marks that it cannot end.
final class RequesterWordsTest {
  private static final String REQUEST = "R-7K3F92QX4M";

  @TempDir private Path home;
  private final StubServer server = new StubServer();

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<String> hostile() {
    return HostileTexts.all().stream();
  }

  private List<String> shown(String... typed) {
    var result = new Shell(home, new SettableClock()).at(server).run(typed);
    assertThat(result.exit()).as(result.err()).isZero();
    return Arrays.asList((result.out() + result.err()).split("\n"));
  }

  /// All of them are shown, in quotation marks alone.
  private static void quoted(List<String> lines, int least) {
    assertThat(lines).filteredOn(line -> line.contains("zebra")).hasSizeGreaterThanOrEqualTo(least);
    assertThat(lines)
        .allSatisfy(
            line ->
                assertThat(line.replaceAll("\u201c[^\u201d]*\u201d", "")).doesNotContain("zebra"));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void aRequestQuotesThem(String words) {
    var engineer = Json.object().put("id", "eve").put("name", words).put("employer", words).build();
    var erased =
        Json.object()
            .put("kind", "reason")
            .put("time", "2026-01-05T09:30:00Z")
            .put("by", "ann")
            .put("index", 7)
            .put("reason", words)
            .build();
    var request =
        Json.object()
            .put("id", REQUEST)
            .put("state", "completed")
            .put("tenant", "acme")
            .put("resource", "helpdesk")
            .put("level", "masked")
            .put("engineer", engineer)
            .put("reason", words)
            .put("comment", words)
            .put("leftover", words)
            .put("erased", List.of(erased))
            .put("statementTexts", List.of(Json.object().put("text", words).build()))
            .build();
    server.on("GET /v1/requests/" + REQUEST, 200, CanonicalJson.text(request));
    quoted(shown("request", "show", REQUEST), 7);
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void aLineOfTheLogQuotesThem(String words) {
    var line = words.replace('\n', ' ');
    var bodies =
        List.of(
            Json.object().put("reason", line).put("session", "S-0000000000000001").build(),
            Json.object().put("n", 0).put("status", line).build(),
            Json.object().put("n", 0).build());
    var entries =
        bodies.stream()
            .map(
                body ->
                    Json.object()
                        .put("seq", 1)
                        .put("time", "2026-01-05T09:30:00Z")
                        .put("type", "session-lost")
                        .put("text", words)
                        .put("input", words)
                        .put(
                            "entry",
                            Bytes.of(CanonicalJson.bytes(Json.object().put("body", body).build())))
                        .build())
            .toList();
    var page = Json.object().put("entries", entries).put("size", 3).build();
    server.on("GET /v1/tenants/acme/log", 200, CanonicalJson.text(page));
    quoted(shown("log", "--tenant", "acme"), 3);
  }
}
