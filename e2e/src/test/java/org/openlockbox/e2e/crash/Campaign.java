package org.openlockbox.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.openlockbox.e2e.harness.Api;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Pause;

/// Load, a kill, a look at what is left, a restart, all checks; again and again, from one seed.
final class Campaign {
  private static final Duration AT_WORK_WITHIN = Duration.ofMinutes(2);
  private static final Duration GONE_WITHIN = Duration.ofSeconds(15);
  private static final Duration HEALED_WITHIN = Duration.ofSeconds(30);
  private static final int MOMENT_MS = 1_500;
  private static final int RESTART_MS = 6_000;
  private static final int FRESH_GRANTS_EACH = 10;
  private static final String GRANT = "--for 8h --sessions 50";
  private static final String RESTARTS = "kill -9 of the restart as well";
  private static final String SESSION_ROLES = "from pg_roles where rolname like 'lb\\_s\\_%'";
  private static final String BACKENDS = "from pg_stat_activity where usename like 'lb\\_s\\_%'";

  private final Demo demo;
  private final RandomGenerator random;
  private final Tally tally;
  private final List<LogCopy> logs;
  private final Desk desk;
  private final Post post;
  private final Map<String, String> grants = new LinkedHashMap<>();
  private final List<Reader> readers = new ArrayList<>();
  private int deaths;

  Campaign(Demo demo, long seed, Tally tally) throws IOException {
    this.demo = demo;
    this.random = new Random(seed);
    this.tally = tally;
    this.logs =
        List.of(
            new LogCopy(new Api(demo, "acme-auditor"), "acme"),
            new LogCopy(new Api(demo, "globex-approver"), "globex"));
    demo.ask("initech", "metadata", "--for 1h"); // makes the engineer's key
    Kill.ALL_KINDS.forEach(kill -> tally.add("kill -9 of " + kill, 0));
    tally.add(RESTARTS, 0);
    this.desk = new Desk(demo, new Random(random.nextLong()));
    this.post = new Post(demo);
  }

  void run(int kills) throws IOException, SQLException, InterruptedException {
    for (int number = 0; number < kills; number++) {
      if (number % FRESH_GRANTS_EACH == 0) {
        sitDown();
      }
      String round = "k" + number;
      strike(round, Kill.number(number));
      restart(number % 5 == 3);
      check();
      tally.killed();
      report();
    }
    finish();
  }

  /// Fresh grants and logins.
  private void sitDown() {
    readers.clear();
    grants.clear();
    readers.add(new JdbcReader("jdbc", "acme", login("acme"), false, fork()));
    readers.add(new JdbcReader("long", "acme", login("acme"), true, fork()));
    readers.add(new JdbcReader("other", "globex", login("globex"), false, fork()));
    readers.add(new PsqlReader(demo, "psql", "acme", login("acme")));
    readers.add(new HttpReader("http", "acme", serviceLogin("acme"), fork()));
  }

  private RandomGenerator fork() {
    return new Random(random.nextLong());
  }

  /// What `lockbox connect ID url` prints.
  private String login(String tenant) {
    String request = granted(tenant, demo.askAndApprove(tenant, "masked", GRANT));
    String url = "lockbox connect " + request + " url";
    return demo.terminal("engineer").types(url).ok().lines().findFirst().orElseThrow();
  }

  /// What `lockbox connect ID env` prints.
  private HttpReader.ServiceLogin serviceLogin(String tenant) {
    String request = granted(tenant, demo.askServiceAndApprove(tenant, "masked", GRANT));
    String script =
        "eval \"$(lockbox connect "
            + request
            + " env)\"; printf '%s\\n' \"$LOCKBOX_URL\" \"$LOCKBOX_HEADER_FILE\" \"$LOCKBOX_CA\"";
    List<String> said = demo.terminal("engineer").types(script).ok().lines().toList();
    return new HttpReader.ServiceLogin(said.get(0), Path.of(said.get(1)), Path.of(said.get(2)));
  }

  private String granted(String tenant, String request) {
    grants.put(request, tenant);
    return request;
  }

  /// A kill counts only once everybody has had a result in this round.
  private void strike(String round, Kill kill) throws InterruptedException, SQLException {
    var load = Load.begin(round, readers, desk);
    Pause.until("everybody is at work", AT_WORK_WITHIN, load::isUnderWay);
    watch(Duration.ofMillis(random.nextInt(MOMENT_MS)));
    kill.kill(demo, random);
    deaths++;
    Instant at = Instant.now();
    load.end();
    demo.program().ends();
    if (kill.leavesBackends()) {
      Pause.until("the sessions' backends end", GONE_WITHIN, () -> count(BACKENDS) == 0);
      tally.took("kill to the end of the last backend, which nobody tells", at);
    }
    tally.add("kill -9 of " + kill, 1);
    for (Reader reader : readers) {
      tally.add(
          reader instanceof HttpReader
              ? "answers received by HTTP before the kill"
              : "results received from PostgreSQL before the kill",
          reader.markers().received().size());
      if (reader.markers().isUnderWay()) {
        tally.add("operations that the kill cut off", 1);
      }
    }
  }

  /// Lets the load run, and keeps every checkpoint that it sees meanwhile.
  private void watch(Duration time) {
    Instant end = Instant.now().plus(time);
    while (Instant.now().isBefore(end)) {
      for (LogCopy log : logs) {
        try {
          log.seeCheckpoint();
        } catch (IOException e) {
          throw new AssertionError("no checkpoint of " + log.tenant(), e);
        }
      }
      Pause.briefly();
    }
  }

  private void restart(boolean killedOnceMore) {
    demo.restart();
    if (killedOnceMore) {
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(RESTART_MS)).toNanos());
      demo.program().signal("KILL");
      demo.program().ends();
      deaths++;
      tally.add(RESTARTS, 1);
      demo.restart();
    }
    Instant begun = Instant.now();
    demo.awaitUp();
    tally.took("restart", begun);
  }

  private void check() throws IOException, SQLException {
    Instant up = Instant.now();
    Pause.until("leftover roles dropped", HEALED_WITHIN, () -> count(SESSION_ROLES) == 0);
    tally.took("up to no session role left", up);
    for (LogCopy log : logs) {
      Pause.until("sessions of " + log.tenant() + " written off", HEALED_WITHIN, () -> over(log));
      nothing("results received without a record", unrecorded(log));
    }
    tally.took("up to every cut session written off", up);
    nothing("acknowledged steps that are missing", desk.lost(logs.getFirst()));
    post.collect();
  }

  private boolean over(LogCopy log) throws IOException {
    log.catchUp();
    return log.openSessions().isEmpty();
  }

  /// Markers that a reader of this tenant received and that no operation in the log has.
  private List<String> unrecorded(LogCopy log) {
    return readers.stream()
        .filter(reader -> reader.tenant().equals(log.tenant()))
        .flatMap(reader -> reader.markers().received().stream())
        .filter(marker -> !log.holds(marker))
        .toList();
  }

  private long count(String from) throws SQLException {
    try (Connection connection = demo.helpdesk();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select count(*) " + from)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /// Counts what should not be; the report is on disk before the test fails.
  private void nothing(String what, Iterable<String> found) throws IOException {
    found.forEach(_ -> tally.add(what, 1));
    tally.add(what, 0);
    tally.write();
    assertThat(found).as(what).isEmpty();
  }

  /// The whole of each log once more, from its first entry, every promise, and all the letters.
  private void finish() throws IOException, SQLException {
    grants.forEach((request, tenant) -> verify(tenant, request));
    post.awaitAllSent();
    post.collect();
    for (LogCopy log : logs) {
      log.readAgain();
      log.catchUp();
      nothing("requests without all their letters", post.incomplete(log));
    }
    nothing("acknowledged steps that are missing", desk.lostOfAll(logs.getFirst()));
    assertThat(post.repeats()).as("letters that came again").isLessThanOrEqualTo(deaths);
    tally.finished();
    report();
  }

  private void verify(String tenant, String request) {
    var auditor = demo.terminal(tenant.equals("acme") ? "acme-auditor" : "globex-approver");
    String pin = auditor.types("lockbox tenant show " + tenant + " --pin").ok().strip();
    auditor.types("lockbox evidence %s --out %s.zip".formatted(request, request)).ends(0);
    auditor.types("lockbox verify %s.zip --pin %s".formatted(request, pin)).ends(0);
    tally.add("bundles of the last grants that verify offline", 1);
  }

  private void report() throws IOException {
    tally.set("requests acknowledged", desk.acknowledged("pending"));
    tally.set("approvals acknowledged", desk.acknowledged("approved"));
    tally.set("revocations acknowledged", desk.acknowledged("ended"));
    for (LogCopy log : logs) {
      tally.set("log entries of " + log.tenant(), log.size());
      tally.set("sessions of " + log.tenant() + " written off as lost", log.lost());
      tally.set("signed checkpoints of " + log.tenant() + " kept and compared", log.promises());
    }
    tally.set("letters delivered", post.letters());
    tally.set("letters delivered once more with the same Message-ID", post.repeats());
    tally.write();
  }
}
