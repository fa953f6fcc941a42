package org.openlockbox.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.server.Founding;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// A step of the server fails at each of its writes, or just after its commit.
final class CrashedWritesTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);
  private static final List<String> KEPT =
      List.of(
          "access_request",
          "connect_statement",
          "decision",
          "idempotency",
          "log_batch",
          "log_mention",
          "log_moved",
          "log_tile",
          "outbox",
          "session",
          "tenant");
  private static int keys = 0;

  @AfterAll
  static void close() {
    SERVER.close();
  }

  /// A step that writes, with the tables it writes to.
  record Write(String name, List<String> tables) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Write> WRITES =
      List.of(
          new Write(
              "ask",
              List.of(
                  "access_request",
                  "log_batch",
                  "log_mention",
                  "log_moved",
                  "log_checkpoint",
                  "outbox",
                  "idempotency")),
          new Write(
              "approve",
              List.of(
                  "access_request",
                  "decision",
                  "log_batch",
                  "log_mention",
                  "log_moved",
                  "log_checkpoint",
                  "outbox",
                  "idempotency")),
          new Write("connect", List.of("connect_statement", "idempotency")),
          new Write("open", List.of("session", "log_batch", "log_mention", "log_moved")),
          new Write("record", List.of("log_batch")));

  static Stream<Write> writes() {
    return WRITES.stream();
  }

  /// The call of a step, ready to be made any number of times.
  private static Call prepare(Write write) {
    return switch (write.name) {
      case "ask" -> new Call("engineer", ACME.requests(), ACME.wish("helpdesk"), key());
      case "approve" -> {
        var asked = ACME.ask("helpdesk");
        var headers = Map.of("If-Match", asked.etag(), "Idempotency-Key", "a" + ++keys);
        var yes = TestTenant.envelope(ACME.yes(asked));
        yield new Call("acme-approver", path(asked) + ":approve", yes, headers);
      }
      case "connect" -> {
        var request = ACME.approve(ACME.ask("helpdesk"));
        var signed = TestGateway.connect(ACME, request, ACME.engineerKey);
        var body = TestTenant.envelope(signed);
        yield new Call("engineer", path(request) + "/connects", body, key());
      }
      case "open" -> open();
      case "record" -> {
        var gateway = TestGateway.leased(SERVER);
        var session = gateway.open(ACME, ACME.approve(ACME.ask("helpdesk")));
        var text = TestGateway.sql("select 1");
        var statement = gateway.entry(ACME, TestGateway.statement(session, 0, text), text);
        yield new Call("gw-1", "/gateway/v1/append", gateway.appending(statement), Map.of());
      }
      default -> throw new IllegalArgumentException(write.name);
    };
  }

  private static Call open() {
    var gateway = TestGateway.leased(SERVER);
    var request = ACME.approve(ACME.ask("helpdesk"));
    var opened = TestGateway.opened(ACME, request, SessionId.random(TestTenant.RANDOM));
    var body = gateway.appending(gateway.entry(ACME, opened));
    return new Call("gw-1", "/gateway/v1/append", body, Map.of());
  }

  private static Map<String, String> key() {
    return Map.of("Idempotency-Key", "k" + ++keys);
  }

  private static String path(Answer request) {
    return ACME.requests() + "/" + TestTenant.ref(request).id();
  }

  private record Call(String profile, String path, Json body, Map<String, String> headers) {
    Answer make() {
      return SERVER.post(profile, path, body, headers);
    }
  }

  private static List<String> everything() {
    return KEPT.stream()
        .flatMap(
            table ->
                SERVER
                    .rows(
                        "select count(*), md5(coalesce(string_agg(t::text, '' order by t::text), '')) from %s t"
                            .formatted(table))
                    .stream()
                    .map(sum -> table + " " + sum))
        .toList();
  }

  private static final String FAILS = "raise exception 'crashed' using errcode = 'system_error'";
  private static final String CUTS_OFF = "perform pg_terminate_backend(pg_backend_pid())";

  /// Lets every write to this table fail in this way: at once, or only at the commit.
  private static void breakTable(String table, boolean atCommit, String how) {
    var kind = atCommit ? "constraint trigger" : "trigger";
    var when = atCommit ? "after" : "before";
    var deferred = atCommit ? "deferrable initially deferred" : "";
    SERVER.execute(
        """
        create or replace function crash() returns trigger language plpgsql as
          $$ begin %s; return new; end $$;
        create %s crash %s insert or update on %s %s for each row execute function crash()
        """
            .formatted(how, kind, when, table, deferred));
  }

  @ParameterizedTest
  @MethodSource("writes")
  void aCrashBeforeTheCommitLeavesNothingAndARetryDoesItOnce(Write write) {
    var call = prepare(write);
    var before = everything();
    for (var table : write.tables) {
      for (boolean atCommit : List.of(false, true)) {
        breakTable(table, atCommit, FAILS);
        try {
          var answer = call.make();
          assertThat(answer.status()).as(table + " " + answer).isGreaterThanOrEqualTo(500);
          assertThat(answer.toString()).doesNotContain("crashed");
        } finally {
          SERVER.execute("drop trigger crash on " + table);
        }
        assertThat(everything()).as(table).isEqualTo(before);
      }
    }
    assertThat(call.make().status()).isIn(200, 201);
    assertThat(everything()).isNotEqualTo(before);
    ACME.verifiedLog();
  }

  @ParameterizedTest
  @MethodSource("writes")
  void aConnectionLostInTheMiddleIsAnOutageAfterWhichARetryDoesItOnce(Write write) {
    var call = prepare(write);
    var before = everything();
    String table = write.tables.getFirst();
    for (boolean atCommit : List.of(false, true)) {
      breakTable(table, atCommit, CUTS_OFF);
      try {
        assertThat(call.make().status()).isEqualTo(503);
      } finally {
        SERVER.execute("drop trigger crash on " + table);
      }
      assertThat(everything()).isEqualTo(before);
    }
    assertThat(call.make().status()).isIn(200, 201);
    ACME.verifiedLog();
  }

  @Test
  void aTokenThatCannotBeLookedUpIsAnOutageToo() {
    Pause.until("a call whose connection was lost", CrashedWritesTest::losesItsConnection);
    Pause.until("new connections", () -> SERVER.get("engineer", ACME.requests()).status() == 200);
  }

  /// The pool looks at a connection that has not been used for half a second, and makes a new one.
  private static boolean losesItsConnection() {
    assertThat(SERVER.get("engineer", ACME.requests()).status()).isEqualTo(200);
    SERVER.execute(
        """
        select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()
        """);
    var lost = SERVER.get("engineer", ACME.requests());
    if (lost.status() == 200) {
      return false;
    }
    assertThat(lost.status()).isEqualTo(503);
    assertThat(lost.json().text("code")).isEqualTo("unavailable");
    return true;
  }

  @ParameterizedTest
  @MethodSource("writes")
  void anAnswerThatWasLostIsGivenAgain(Write write) throws Exception {
    var call = prepare(write);
    int size = ACME.verifiedLog().size();
    int after = write.name.equals("connect") ? size : size + 1;
    sendAndHangUp(call);
    Pause.until("the commit", () -> applied(call) && ACME.verifiedLog().size() >= after);
    var before = everything();
    var answer = call.make();
    assertThat(answer.status()).isIn(200, 201);
    assertThat(call.make().toString()).isEqualTo(answer.toString());
    assertThat(everything()).isEqualTo(before);
  }

  private static boolean applied(Call call) {
    return call.path.equals("/gateway/v1/append")
        || !SERVER
            .rows(
                "select 1 from idempotency where key = '%s' and status is not null"
                    .formatted(call.headers.get("Idempotency-Key")))
            .isEmpty();
  }

  private static void sendAndHangUp(Call call) throws IOException {
    var body = CanonicalJson.text(call.body);
    var head = new StringBuilder("POST " + call.path + " HTTP/1.1\r\nHost: localhost\r\n");
    head.append("Authorization: Bearer ").append(SERVER.bearer(call.profile)).append("\r\n");
    call.headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    head.append("Content-Length: ").append(length).append("\r\n\r\n");
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), SERVER.server(0).port())) {
      socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    }
  }

  @Test
  void aKeyringOfARolledBackFoundingIsForgotten() {
    var before = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
    var after = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
    var bob = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
    breakTable("idempotency", true, FAILS);
    try {
      var founding = new Founding(SERVER, "initech", 1, before, bob);
      assertThat(founding.send("f1").status()).isGreaterThanOrEqualTo(500);
    } finally {
      SERVER.execute("drop trigger crash on idempotency");
    }
    var founding = new Founding(SERVER, "initech", 1, after, bob);
    assertThat(founding.send("f2").status()).isEqualTo(201);
    var shown = SERVER.get("operator", "/v1/tenants/initech").json().objects("keys").getFirst();
    assertThat(shown.text("keyId")).isEqualTo(after.key().keyId().hex());
  }
}
