package org.openlockbox.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestReplicas;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// Commits that PostgreSQL acknowledges with a warning: they took effect on the primary, and the
/// synchronous standby does not have them. Nothing is answered, signed or released on their word.
final class UnconfirmedCommitTest {
  private static final String BARRIER = "query like '%pg_logical_emit_message%'";
  private static final TestReplicas REPLICAS = new TestReplicas();
  private static final TestServer SERVER = new TestServer(REPLICAS.primary, "unconfirmed");
  private static final TestTenant ACME;

  static {
    SERVER.startAnother();
    ACME = new TestTenant(SERVER, "acme", 1);
  }

  private final ExecutorService crew = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void goesOn() {
    REPLICAS.attach();
    crew.close();
    ACME.verifiedLog();
  }

  @AfterAll
  static void close() {
    SERVER.close();
    REPLICAS.close();
  }

  private record Speaker(TestGateway gateway, SessionId session) {
    static Speaker leased() {
      var gateway = TestGateway.leased(SERVER);
      return new Speaker(gateway, gateway.open(ACME, ACME.approve(ACME.ask("helpdesk"))));
    }

    Json statement() {
      var text = TestGateway.sql("select 1");
      return gateway.entry(ACME, TestGateway.statement(session, 0, text), text);
    }

    /// Whether the primary shows an entry beside the opening.
    boolean isThere() {
      var found =
          SERVER.rows(
              "select 1 from log_batch where boot = '%s' and gw_seq = 1".formatted(gateway.boot));
      return !found.isEmpty();
    }
  }

  /// The backends whose transactions have written to this table.
  private static String holds(String table) {
    return "pid in (select pid from pg_locks where mode = 'RowExclusiveLock' and relation = %s)"
        .formatted(SERVER.rows("select '%s'::regclass::oid".formatted(table)).getFirst());
  }

  private Answer cancelled(Future<Answer> call) throws Exception {
    return REPLICAS.cancelWaitsOf(call, "true");
  }

  /// The first server remembers the head: one statement that is its own transaction.
  @Test
  void aStatementIsRecordedOnlyOnceTheStandbyHasItsRecord() throws Exception {
    var speaker = Speaker.leased();
    var statement = speaker.statement();
    REPLICAS.detach();
    var answer = cancelled(crew.submit(() -> speaker.gateway.append(statement)));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(speaker.isThere()).isTrue();
    var again = cancelled(crew.submit(() -> speaker.gateway.append(statement)));
    assertThat(again.status()).isEqualTo(503);
    REPLICAS.attach();
    var indices = TestGateway.indices(speaker.gateway.append(statement));
    assertThat(TestGateway.indices(speaker.gateway.append(statement))).isEqualTo(indices);
  }

  /// It has heard no warning: what it writes with the lock of the log makes its transaction wait.
  @Test
  void anotherServerThatFindsTheRecordWaitsForTheStandbyAsWell() throws Exception {
    var speaker = Speaker.leased();
    var statement = speaker.statement();
    REPLICAS.detach();
    var appended = crew.submit(() -> speaker.gateway.append(statement));
    REPLICAS.cancelWaitsOf(appended, "query like 'insert into log_batch%'");
    assertThat(speaker.isThere()).isTrue();
    var other = new TestGateway(SERVER, 1, "gw-1", speaker.gateway.boot);
    var repeated = crew.submit(() -> other.append(statement));
    Pause.until("it to wait", () -> REPLICAS.waiting("query = 'COMMIT'") > 0 || repeated.isDone());
    assertThat(repeated.isDone()).isFalse();
    REPLICAS.attach();
    TestGateway.indices(repeated.get(30, TimeUnit.SECONDS));
  }

  @Test
  void noServerSignsWhatTheStandbyDoesNotHave() throws Exception {
    var speaker = Speaker.leased();
    ACME.checkpoint(ACME.verifiedLog().size());
    var statement = speaker.statement();
    var before = SERVER.rows("select size from log_checkpoint");
    REPLICAS.detach();
    cancelled(crew.submit(() -> speaker.gateway.append(statement)));
    Pause.until("a signer to wait", () -> REPLICAS.waiting(BARRIER) > 0);
    assertThat(SERVER.rows("select size from log_checkpoint")).isEqualTo(before);
    REPLICAS.attach();
    ACME.checkpoint(ACME.verifiedLog().size());
  }

  @Test
  void aRevocationIsAnsweredOnlyOnceTheStandbyHasIt() throws Exception {
    var request = ACME.approve(ACME.ask("helpdesk"));
    REPLICAS.detach();
    assertThat(cancelled(crew.submit(() -> ACME.revoke(request))).status()).isEqualTo(503);
    // That it was ended before is an answer as well.
    assertThat(cancelled(crew.submit(() -> ACME.revoke(request))).status()).isEqualTo(503);
    REPLICAS.attach();
    assertThat(ACME.revoke(request).code()).isEqualTo("revoked");
  }

  /// Nobody has signed that end, and nothing else is written by who asks again.
  @Test
  void anotherServerThatFindsTheAccessEndedWaitsForTheStandbyAsWell() throws Exception {
    var request = ACME.approve(ACME.ask("helpdesk"));
    ACME.checkpoint(ACME.verifiedLog().size()); // no signer holds its row meanwhile
    REPLICAS.detach();
    var completed = crew.submit(() -> complete(0, request));
    REPLICAS.cancelWaitsOf(completed, holds("access_request"));
    assertThat(completed.get().status()).isEqualTo(503);
    int before = REPLICAS.waiting(BARRIER);
    var repeated = crew.submit(() -> complete(1, request));
    Pause.until("it to wait", () -> REPLICAS.waiting(BARRIER) > before || repeated.isDone());
    assertThat(repeated.isDone()).isFalse();
    REPLICAS.attach();
    assertThat(repeated.get(30, TimeUnit.SECONDS).code()).isEqualTo("completed");
  }

  private static Answer complete(int server, Answer request) {
    var path = ACME.requests() + "/" + TestTenant.ref(request).id() + ":complete";
    return SERVER.call(server, "engineer", "POST", path, "{}", Map.of());
  }

  @Test
  void anAnswerGivenAgainByAnotherServerWaitsForTheStandby() throws Exception {
    var wish = CanonicalJson.text(ACME.wish("helpdesk"));
    var key = Map.of("Idempotency-Key", "once");
    ACME.checkpoint(ACME.verifiedLog().size()); // no signer holds its row meanwhile
    REPLICAS.detach();
    var asked = crew.submit(() -> SERVER.call(0, "engineer", "POST", ACME.requests(), wish, key));
    assertThat(REPLICAS.cancelWaitsOf(asked, holds("idempotency")).status()).isEqualTo(503);
    var repeated =
        crew.submit(() -> SERVER.call(1, "engineer", "POST", ACME.requests(), wish, key));
    Pause.until("it to wait", () -> REPLICAS.waiting("query = 'COMMIT'") > 0 || repeated.isDone());
    assertThat(repeated.isDone()).isFalse();
    REPLICAS.attach();
    assertThat(repeated.get(30, TimeUnit.SECONDS).status()).isEqualTo(201);
  }
}
