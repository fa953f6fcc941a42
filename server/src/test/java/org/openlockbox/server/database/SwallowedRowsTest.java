package org.openlockbox.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.log.entry.Mention;

/// A trigger in the control plane's database makes rows vanish: the statement succeeds and stores
/// nothing. Whatever carries the log is then refused as a whole, and goes on once the trigger is
/// gone.
final class SwallowedRowsTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);
  private static final TestGateway GATEWAY = TestGateway.leased(SERVER);

  static {
    SERVER.execute(
        "create function swallow() returns trigger language plpgsql as $$ begin return null; end $$");
  }

  @AfterEach
  void theLogIsWhole() {
    ACME.verifiedLog();
  }

  @AfterAll
  static void close() {
    SERVER.close();
  }

  @FunctionalInterface
  private interface Call {
    Answer make();
  }

  /// Refused while rows of this table vanish, leaving the log as it was, and carried out
  /// afterwards.
  private static Answer refusedAndThenDone(String table, Call call) {
    var before = SERVER.rows("select size, range from log_head");
    SERVER.execute(
        "create trigger swallow before insert or update on %s for each row execute function swallow()"
            .formatted(table));
    try {
      assertThat(call.make().status()).isGreaterThanOrEqualTo(400);
    } finally {
      SERVER.execute("drop trigger swallow on " + table);
    }
    assertThat(SERVER.rows("select size, range from log_head")).isEqualTo(before);
    var done = call.make();
    assertThat(done.status()).as(done.toString()).isBetween(200, 299);
    return done;
  }

  private static SessionId session() {
    return GATEWAY.open(ACME, ACME.approve(ACME.ask("helpdesk")));
  }

  private static Json statement(SessionId session, String sql) {
    var text = TestGateway.sql(sql);
    return GATEWAY.entry(ACME, TestGateway.statement(session, 0, text), text);
  }

  @Test
  void aStatementIsNotRecordedByHalf() {
    var entry = statement(session(), "select 1");
    refusedAndThenDone("log_batch", () -> GATEWAY.append(entry));
  }

  /// The first of a block is the one that is mentioned.
  @Test
  void aStatementIsNotRecordedWithoutItsMention() {
    var session = session();
    var block = new ArrayList<Json>();
    for (int n = 0; n < Mention.BLOCK; n++) {
      block.add(statement(session, "select " + n));
    }
    TestGateway.indices(GATEWAY.append(block));
    var entry = statement(session, "select 1");
    refusedAndThenDone("log_mention", () -> GATEWAY.append(entry));
  }

  @Test
  void aTileIsNotLeftOut() {
    var session = session();
    var entries = new ArrayList<Json>();
    for (int n = 0; n < 256; n++) {
      entries.add(statement(session, "select " + n));
    }
    refusedAndThenDone("log_tile", () -> GATEWAY.append(entries));
  }

  @Test
  void aLargeTextIsKeptWhole() {
    var entry = statement(session(), "select '%s'".formatted("x".repeat(100_000)));
    refusedAndThenDone("log_blob", () -> GATEWAY.append(entry));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"log_batch", "log_mention", "log_moved", "log_checkpoint", "access_request"})
  void aRequestIsNotTakenByHalf(String table) {
    refusedAndThenDone(
        table, () -> SERVER.post("engineer", ACME.requests(), ACME.wish("helpdesk")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"log_checkpoint", "access_request", "decision"})
  void aDecisionIsNotTakenByHalf(String table) {
    var request = ACME.ask("helpdesk");
    refusedAndThenDone(table, () -> ACME.approve(request));
    refusedAndThenDone(table, () -> ACME.revoke(request));
  }

  @ParameterizedTest
  @ValueSource(strings = {"session", "log_checkpoint"})
  void aSessionOpensAndClosesWithItsRow(String table) {
    var request = ACME.approve(ACME.ask("helpdesk"));
    var session = SessionId.random(TestTenant.RANDOM);
    var opening = GATEWAY.entry(ACME, TestGateway.opened(ACME, request, session));
    refusedAndThenDone(table, () -> GATEWAY.append(opening));
    var closing = GATEWAY.entry(ACME, TestGateway.closed(session, true));
    refusedAndThenDone(table, () -> GATEWAY.append(closing));
  }

  @ParameterizedTest
  @ValueSource(strings = {"log_checkpoint", "log_moved"})
  void theCheckpointThatIsSignedLaterIsSignedOnceItIsStored(String table) {
    var entry = statement(session(), "select 1");
    SERVER.execute(
        "create trigger swallow before insert or update on %s for each row execute function swallow()"
            .formatted(table));
    try {
      TestGateway.indices(GATEWAY.append(List.of(entry)));
    } finally {
      SERVER.execute("drop trigger swallow on " + table);
    }
    ACME.checkpoint(ACME.verifiedLog().size());
  }
}
