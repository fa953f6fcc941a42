package org.openlockbox.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// Calls of several gateways that wait at the same moment become one transaction. A call before
/// them that is held up in the database makes them wait.
final class GroupCommitTest {
  private static final TestServer SERVER = new TestServer();
  private static final ExecutorService CREW = Executors.newVirtualThreadPerTaskExecutor();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);
  private static final TestTenant GLOBEX = new TestTenant(SERVER, "globex", 1);
  private static final TestTenant INITECH = new TestTenant(SERVER, "initech", 1);

  /// A boot with an open session, about to record a statement.
  private record Speaker(TestGateway gateway, TestTenant tenant, SessionId session) {
    static Speaker of(TestTenant tenant) {
      var gateway = TestGateway.leased(SERVER);
      return new Speaker(
          gateway, tenant, gateway.open(tenant, tenant.approve(tenant.ask("helpdesk"))));
    }

    Json statement() {
      return statement(session);
    }

    Json statement(SessionId session) {
      var text = TestGateway.sql("select 1");
      return gateway.entry(tenant, TestGateway.statement(session, 0, text), text);
    }
  }

  @AfterEach
  void everyLogIsWhole() {
    ACME.verifiedLog();
    GLOBEX.verifiedLog();
    INITECH.verifiedLog();
  }

  @AfterAll
  static void close() {
    CREW.close();
    SERVER.close();
  }

  /// Makes these calls so that all but the first, one that records a statement of initech, wait
  /// together.
  private static List<Future<Answer>> together(Call... calls) throws Exception {
    var first = Speaker.of(INITECH);
    var answers = new ArrayList<Future<Answer>>();
    try (var broken = new Slow("initech")) {
      answers.add(CREW.submit(() -> first.gateway.append(first.statement())));
      broken.waitUntilSomebodyWaits();
      for (var call : calls) {
        answers.add(CREW.submit(call::make));
      }
      Pause.until("all of them to wait", () -> SERVER.server(0).waitingAppends() == calls.length);
    }
    return answers;
  }

  @FunctionalInterface
  private interface Call {
    Answer make();
  }

  /// Makes whoever appends to a tenant's log wait inside of its transaction.
  private static final class Slow implements AutoCloseable {
    private final Connection connection = DriverManager.getConnection(SERVER.jdbcUrl);

    Slow(String tenant) throws SQLException {
      SERVER.execute(
          """
          create or replace function slow() returns trigger language plpgsql set lock_timeout = 0 as
            $$ begin perform pg_advisory_xact_lock(7); return new; end $$;
          create trigger slow before insert on log_batch for each row
            when (new.tenant_id = '%s') execute function slow()
          """
              .formatted(tenant));
      connection.setAutoCommit(false);
      execute("select pg_advisory_xact_lock(7)");
    }

    private void execute(String sql) throws SQLException {
      try (var statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    void waitUntilSomebodyWaits() {
      Pause.until(
          "the first call to wait",
          () ->
              !SERVER
                  .rows("select 1 from pg_locks where locktype = 'advisory' and not granted")
                  .isEmpty());
    }

    @Override
    public void close() throws SQLException {
      connection.rollback();
      connection.close();
      SERVER.execute("drop trigger slow on log_batch");
    }
  }

  private static List<Answer> answers(List<Future<Answer>> futures) throws Exception {
    var answers = new ArrayList<Answer>();
    for (var future : futures) {
      answers.add(future.get(20, TimeUnit.SECONDS));
    }
    return answers;
  }

  private static long transactions(List<Speaker> speakers) {
    var boots = speakers.stream().map(it -> "'" + it.gateway.boot + "'").toList();
    return Long.parseLong(
        SERVER
            .rows(
                """
                select count(distinct xmin::text) from log_batch b
                 where boot in (%s) and gw_seq > 0
                """
                    .formatted(String.join(",", boots)))
            .getFirst());
  }

  @Test
  void callsThatWaitTogetherAreOneTransactionAndEachIsAnswered() throws Exception {
    var speakers =
        IntStream.range(0, 10).mapToObj(n -> Speaker.of(n % 2 == 0 ? ACME : GLOBEX)).toList();
    var calls = speakers.stream().map(GroupCommitTest::threeStatements).toArray(Call[]::new);
    var seen = new ArrayList<List<Long>>();
    answers(together(calls)).forEach(answer -> seen.add(TestGateway.indices(answer)));
    for (var indices : seen.subList(1, seen.size())) {
      assertThat(indices).containsExactly(indices.get(0), indices.get(0) + 1, indices.get(0) + 2);
    }
    assertThat(seen.stream().distinct()).hasSizeGreaterThanOrEqualTo(6);
    assertThat(transactions(speakers)).isLessThan(speakers.size() / 2);
  }

  private static Call threeStatements(Speaker speaker) {
    var entries = List.of(speaker.statement(), speaker.statement(), speaker.statement());
    return () -> speaker.gateway.append(entries);
  }

  @Test
  void aCallThatIsRefusedDoesNotTouchItsNeighbours() throws Exception {
    var good = Speaker.of(ACME);
    var late = Speaker.of(ACME);
    var stranger = Speaker.of(ACME);
    var nobody = Speaker.of(GLOBEX);
    var entry = good.statement();
    var again = late.statement();
    TestGateway.indices(late.gateway.append(again));
    var gap = late.gateway.entry(ACME, 9, TestGateway.outcome(late.session, 0));
    var other = stranger.statement(good.session);
    var unknown =
        nobody.gateway.entry(
            GLOBEX, 1, TestGateway.outcome(SessionId.random(TestTenant.RANDOM), 0));
    var answers =
        answers(
            together(
                () -> good.gateway.append(entry),
                () -> late.gateway.append(again, gap),
                () -> stranger.gateway.append(other),
                () -> nobody.gateway.append(unknown)));
    TestGateway.indices(answers.get(0));
    TestGateway.indices(answers.get(1));
    assertThat(answers.get(2).code()).isEqualTo("gap");
    assertThat(answers.get(3).code()).isEqualTo("session");
    assertThat(answers.get(4).code()).isEqualTo("session");
    assertThat(TestGateway.indices(good.gateway.append(entry)))
        .isEqualTo(TestGateway.indices(answers.get(1)));
  }

  @Test
  void aRowThatTheDatabaseRefusesFailsItsOwnCallOnly() throws Exception {
    var good = Speaker.of(ACME);
    var bad = Speaker.of(GLOBEX);
    var entry = good.statement();
    var refused = bad.statement();
    SERVER.execute(
        """
        create function refuse_globex() returns trigger language plpgsql as
          $$ begin raise exception 'refused' using errcode = 'check_violation'; end $$;
        create trigger refuse_globex before insert on log_batch for each row
          when (new.tenant_id = 'globex') execute function refuse_globex()
        """);
    try {
      var answers =
          answers(together(() -> good.gateway.append(entry), () -> bad.gateway.append(refused)));
      TestGateway.indices(answers.get(0));
      TestGateway.indices(answers.get(1));
      assertThat(answers.get(2).status()).isEqualTo(500);
    } finally {
      SERVER.execute("drop trigger refuse_globex on log_batch");
    }
    TestGateway.indices(bad.gateway.append(refused));
  }

  /// Another server has taken the index after the statement began. So it is by one alone and by two
  /// together.
  @Test
  void whereAKeyIsTakenTheLogIsReadAgain() throws Exception {
    var one = Speaker.of(ACME);
    var other = Speaker.of(GLOBEX);
    SERVER.execute(
        """
        create sequence taken;
        create function take() returns trigger language plpgsql as $$
        begin
          if nextval('taken') in (1, 3) then
            raise exception 'taken' using errcode = 'unique_violation';
          end if;
          return new;
        end $$;
        create trigger take before insert on log_batch for each row
          when (new.tenant_id in ('acme', 'globex')) execute function take()
        """);
    try {
      TestGateway.indices(one.gateway.append(one.statement()));
      assertThat(SERVER.rows("select last_value from taken")).containsExactly("2");
      var statements = List.of(one.statement(), other.statement());
      var answers =
          answers(
              together(
                  () -> one.gateway.append(statements.get(0)),
                  () -> other.gateway.append(statements.get(1))));
      answers.forEach(TestGateway::indices);
      assertThat(SERVER.rows("select last_value from taken")).containsExactly("5");
    } finally {
      SERVER.execute("drop trigger take on log_batch; drop function take(); drop sequence taken");
    }
  }

  @Test
  void aHeadThatSomebodyKeepsLockedHoldsUpItsOwnTenantOnly() throws Exception {
    var stuck = Speaker.of(GLOBEX);
    var good = Speaker.of(ACME);
    var waiting = stuck.statement();
    var entry = good.statement();
    try (var lock = DriverManager.getConnection(SERVER.jdbcUrl)) {
      lock.setAutoCommit(false);
      try (var statement = lock.createStatement()) {
        statement.execute("select pg_advisory_xact_lock(log_lock('globex'))");
      }
      var futures = together(() -> stuck.gateway.append(waiting), () -> good.gateway.append(entry));
      TestGateway.indices(futures.get(2).get(20, TimeUnit.SECONDS));
      assertThat(futures.get(1).isDone()).isFalse();
      TestGateway.indices(good.gateway.append(good.statement()));
      lock.rollback();
      TestGateway.indices(futures.get(1).get(20, TimeUnit.SECONDS));
    }
  }
}
