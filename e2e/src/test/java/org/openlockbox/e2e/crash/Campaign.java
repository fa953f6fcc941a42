package org.openlockbox.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.openlockbox.e2e.harness.Api;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.Signals;

/// Load, a kill, a look at what is left, a restart, all checks; again and again, from one seed.
///
/// Each fifth kill takes the control plane's PostgreSQL instead of the node, and each seventh
/// restart is itself killed once.
final class Campaign {
  private static final Duration AT_WORK_WITHIN = Duration.ofMinutes(1);
  private static final Duration GONE_WITHIN = Duration.ofSeconds(10);
  private static final Duration HEALED_WITHIN = Duration.ofSeconds(30);
  private static final Duration HELD_AFTER = Duration.ofMillis(1_500);
  private static final int FRESH_GRANT_EACH = 10;
  private static final String SESSION_ROLES = "from pg_roles where rolname like 'lb\\_s\\_%'";
  private static final String BACKENDS = "from pg_stat_activity where usename like 'lb\\_s\\_%'";

  private final Demo demo;
  private final RandomGenerator random;
  private final Tally tally;
  private final List<LogCopy> logs;
  private final Desk desk;
  private final Post post;
  private final List<SqlClient> clients = new ArrayList<>();

  Campaign(Demo demo, long seed, Tally tally) throws IOException {
    this.demo = demo;
    this.random = new Random(seed);
    this.tally = tally;
    this.logs =
        List.of(
            new LogCopy(new Api(demo, "acme-auditor"), "acme"),
            new LogCopy(new Api(demo, "globex-approver"), "globex"));
    meetEngineer();
    this.desk = new Desk(demo, new Random(random.nextLong()));
    this.post = new Post(demo);
  }

  /// The engineer's key is made by the engineer's first request.
  private void meetEngineer() {
    demo.ask("initech", "metadata", "--for 1h");
  }

  void run(int kills) throws IOException, SQLException, InterruptedException {
    for (int kill = 0; kill < kills; kill++) {
      if (kill % FRESH_GRANT_EACH == 0) {
        sitDown(kill);
      }
      boolean database = kill % 5 == 3;
      var load = begin(kill);
      Pause.until("everybody is at work", AT_WORK_WITHIN, this::isUnderWay);
      watch(Duration.ofMillis(random.nextInt(2_500)));
      Instant at = Instant.now();
      if (database) {
        killDatabase(at);
      } else {
        demo.program().signal("KILL");
      }
      load.end();
      demo.program().ends();
      checkBackendsGone();
      restart(kill % 7 == 5);
      check();
      tally.killed(database, kill % 7 == 5);
      report();
    }
    finish();
  }

  /// Fresh grants and logins; clients of earlier kills are done.
  private void sitDown(int kill) {
    clients.clear();
    for (String tenant : List.of("acme", "acme", "globex")) {
      String request = demo.askAndApprove(tenant, "masked", "--for 4h");
      String name = "k" + kill + "-c" + clients.size();
      String url = SqlClient.typedUrl(demo, request);
      clients.add(new SqlClient(name, tenant, url, new Random(random.nextLong())));
    }
  }

  private Load begin(int kill) {
    return new Load("kill-" + kill, clients, desk).begin();
  }

  private boolean isUnderWay() {
    return clients.stream().noneMatch(client -> client.received().isEmpty());
  }

  /// Lets the load run, and keeps every checkpoint that it sees meanwhile.
  private void watch(Duration time) {
    Instant end = Instant.now().plus(time);
    while (Instant.now().isBefore(end)) {
      for (LogCopy log : logs) {
        try {
          log.seeCheckpoint();
        } catch (IOException busy) {
          Thread.onSpinWait();
        }
      }
      LockSupport.parkNanos(Duration.ofMillis(40).toNanos());
    }
  }

  /// `kill -9` of the control plane's postmaster: a moment later nothing may come out any more.
  private void killDatabase(Instant at) {
    Signals.send("KILL", demo.postmaster("control").orElseThrow().pid());
    LockSupport.parkNanos(Duration.ofMillis(2_500).toNanos());
    for (SqlClient client : clients) {
      assertThat(client.received().values())
          .as("results that came although nothing could be recorded")
          .allSatisfy(when -> assertThat(when).isBefore(at.plus(HELD_AFTER)));
    }
    demo.program().signal("KILL");
  }

  /// The protected database runs on, without anybody who tells it that the gateway is dead.
  private void checkBackendsGone() {
    Pause.until(
        "the sessions' backends end by themselves", GONE_WITHIN, () -> count(BACKENDS) == 0);
  }

  private void restart(boolean killedOnceMore) {
    demo.restart();
    if (killedOnceMore) {
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(8_000)).toNanos());
      demo.program().signal("KILL");
      demo.program().ends();
      demo.restart();
    }
    Instant begun = Instant.now();
    demo.awaitUp();
    tally.restarted(Duration.between(begun, Instant.now()));
  }

  private void check() throws IOException, SQLException {
    Pause.until("leftover roles dropped", HEALED_WITHIN, () -> count(SESSION_ROLES) == 0);
    for (LogCopy log : logs) {
      Pause.until("sessions of " + log.tenant() + " written off", HEALED_WITHIN, () -> over(log));
    }
    for (SqlClient client : clients) {
      LogCopy log =
          logs.stream().filter(one -> one.tenant().equals(client.tenant())).findFirst().get();
      assertThat(client.received().keySet())
          .as("results whose statement the log of %s does not hold", client.tenant())
          .allMatch(log::holds);
      tally.results(client.received().size());
      client.received().clear();
    }
    desk.check(logs.getFirst());
    post.checkSent();
  }

  private boolean over(LogCopy log) throws IOException {
    log.catchUp();
    return log.openSessions().isEmpty();
  }

  private long count(String from) throws SQLException {
    try (Connection connection = demo.helpdesk();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select count(*) " + from)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /// The whole of each log once more, from its first entry, and the last letters.
  private void finish() throws IOException, SQLException {
    post.checkAllSent(desk.requests());
    for (LogCopy log : logs) {
      log.readAgain();
      log.catchUp();
    }
    report();
    tally.finished();
  }

  private void report() throws IOException {
    tally.report(logs, desk.requests().size(), post);
  }
}
