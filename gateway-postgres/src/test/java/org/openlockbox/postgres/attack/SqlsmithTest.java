package org.openlockbox.postgres.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.CloseReason;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.testing.HelpdeskDatabase;
import org.openlockbox.postgres.testing.Needed;

/// Random SQL in expert sessions of each level, over tables in which everything that such a session
/// may not see carries a mark (`attacks/marked.sql`): no mark comes back in any row or error, and
/// neither a session nor the gateway nor a backend falls. `-Dlockbox.long=true` goes on for an hour
/// at each level, `-Dlockbox.sqlsmith=SECONDS` for as long as that.
///
/// A machine that stands still ends sessions by their lease. sqlsmith connects again then, and the
/// run goes on. It is counted apart, and its time does not count.
@Tag("slow")
class SqlsmithTest {
  private static final long SECONDS =
      Long.getLong("lockbox.sqlsmith", Boolean.getBoolean("lockbox.long") ? 3600 : 0);
  private static final int QUERIES = SECONDS > 0 ? 1_000 : 150;
  private static final long ROUND_SECONDS = 900;

  /// Longer than a round, because sqlsmith logs in again after a standstill.
  private static final Duration LASTS = Duration.ofMinutes(30);

  private static final long SEED = Long.getLong("lockbox.sqlsmith.seed", 20_261_126L);
  private static final Set<String> FOREIGN = Set.of("zqforeign", "77007700770", "zqhidden");
  private static final Set<String> FOREIGN_AND_MASKED =
      Set.of("zqforeign", "77007700770", "zqhidden", "zqraw");
  private static final String LEFT = CloseReason.CLIENT_LEFT.word();
  private static final String STOOD_STILL = CloseReason.LEASE_LAPSED.word();
  private static final String PATIENTLY = "&sslResponseTimeout=60000";
  private static final Path SAYS = Path.of("target/attacks");

  @BeforeAll
  static void needsSqlsmith() {
    Needed.isHere(Sqlsmith.isHere(), "sqlsmith");
  }

  private static Set<String> marks(Level level) {
    return switch (level) {
      case METADATA, MASKED -> FOREIGN_AND_MASKED;
      case READ, WRITE -> FOREIGN;
    };
  }

  /// What one or more runs at a level came to.
  private record Seen(
      int runs,
      int interrupted,
      Duration whole,
      long statements,
      long answered,
      long internal,
      long bytes) {
    private static final Seen NOTHING = new Seen(0, 0, Duration.ZERO, 0, 0, 0, 0);

    Seen plus(Seen more) {
      return new Seen(
          runs + more.runs,
          interrupted + more.interrupted,
          whole.plus(more.whole),
          statements + more.statements,
          answered + more.answered,
          internal + more.internal,
          bytes + more.bytes);
    }

    String line(Level level) {
      return "| %s | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | 0 | 0 |"
          .formatted(
              level.word(),
              runs,
              whole.toMinutes(),
              interrupted,
              statements,
              answered,
              statements - answered - internal,
              internal,
              bytes / 1_000);
    }
  }

  @Test
  void noMarkComesBackAtAnyLevelAndNobodyFalls() throws Exception {
    Map<Level, Catalogue> catalogues = new EnumMap<>(Level.class);
    for (Level level : Level.values()) {
      catalogues.put(level, Target.HELPDESK.markAndFence(database(level)));
    }
    Map<Level, Future<Seen>> campaigns = new EnumMap<>(Level.class);
    try (var levels = Executors.newVirtualThreadPerTaskExecutor();
        Connection witness = Target.HELPDESK.superuser("postgres")) {
      catalogues.forEach(
          (level, catalogue) ->
              campaigns.put(level, levels.submit(() -> campaign(level, catalogue))));
      List<String> lines = new ArrayList<>();
      for (var campaign : campaigns.entrySet()) {
        Seen seen = campaign.getValue().get();
        lines.add(seen.line(campaign.getKey()));
        assertThat(seen.answered()).as(campaign.getKey().word()).isPositive();
      }
      report(lines);
      // a backend that crashes takes all others with it, this one too
      assertThat(GatewayFixture.answer(witness, "select 1")).isEqualTo("1");
    }
  }

  private static void report(List<String> lines) throws IOException {
    if (SECONDS == 0) {
      return;
    }
    String head =
        """
        ## sqlsmith, first seed %d

        | level | runs | minutes | runs that a standstill cut | statements | answered | refused | internal errors of PostgreSQL | kB that came back | marks | crashes |
        |---|---|---|---|---|---|---|---|---|---|---|
        """
            .formatted(SEED);
    Files.writeString(
        Files.createDirectories(Path.of("target/results")).resolve("sqlsmith.md"),
        head + String.join("\n", lines) + "\n");
  }

  private static String database(Level level) {
    return "marked_" + level.word();
  }

  private static Seen campaign(Level level, Catalogue catalogue) throws Exception {
    Seen seen = Seen.NOTHING;
    do {
      seen = seen.plus(run(level, catalogue, SEED + seen.runs() + seen.interrupted()));
      System.out.println(seen.line(level));
      assertThat(seen.interrupted()).as("runs that a standstill cut").isLessThan(20);
    } while (seen.whole().toSeconds() < SECONDS || seen.runs() == 0);
    return seen;
  }

  private static Seen run(Level level, Catalogue catalogue, long seed) throws Exception {
    long begin = System.nanoTime();
    try (var fixture =
            new GatewayFixture(
                LiveSessions.SessionLimits.STANDARD, InstantSource.system(), catalogue);
        var line = new WatchedLine(fixture.gateway.port(), marks(level))) {
      var asked = fixture.asked(level, LASTS, Limits.WIDEST);
      fixture.tenant.approve(asked, "ann");
      var access = fixture.login(asked, LASTS);
      String what = "%s, seed %d".formatted(level.word(), seed);
      var login =
          new Sqlsmith.Login(line.port(), database(level), access.user(), GatewayFixture.PASSWORD);
      say(line, login, seed);
      assertThat(line.seen()).as(what).isEmpty();
      try (Connection connection = fixture.connect(access, PATIENTLY)) {
        assertThat(GatewayFixture.answer(connection, "select 1")).as(what).isEqualTo("1");
      }
      GatewayFixture.await(() -> allHaveClosed(fixture.controlPlane.events()));
      List<String> reasons = fixture.controlPlane.reasons();
      assertThat(reasons).as(what).isSubsetOf(LEFT, STOOD_STILL);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      return seen(fixture.controlPlane.events(), line.bytes(), reasons.contains(STOOD_STILL), took);
    }
  }

  private static boolean allHaveClosed(List<SessionEvent> events) {
    return events.stream().filter(SessionEvent.Opened.class::isInstance).count()
        == events.stream().filter(SessionEvent.Closed.class::isInstance).count();
  }

  private static void say(WatchedLine line, Sqlsmith.Login login, long seed) throws Exception {
    Path words = SAYS.resolve("sqlsmith-%s.txt".formatted(login.database()));
    try (Sqlsmith sqlsmith = Sqlsmith.start(login, seed, QUERIES, words)) {
      boolean ended = sqlsmith.ends(ROUND_SECONDS);
      assertThat(line.bytes()).as(Files.readString(words)).isPositive();
      assertThat(ended).as("sqlsmith with seed %d ends", seed).isTrue();
    }
  }

  private static Seen seen(
      List<SessionEvent> events, long bytes, boolean interrupted, Duration took) {
    long statements = events.stream().filter(SessionEvent.Operation.class::isInstance).count();
    List<SessionEvent.Outcome> outcomes =
        events.stream()
            .filter(SessionEvent.Outcome.class::isInstance)
            .map(SessionEvent.Outcome.class::cast)
            .toList();
    long answered = outcomes.stream().filter(outcome -> outcome.failure().isEmpty()).count();
    long internal = outcomes.stream().filter(o -> o.status().word().equals("XX000")).count();
    return new Seen(
        interrupted ? 0 : 1,
        interrupted ? 1 : 0,
        interrupted ? Duration.ZERO : took,
        statements,
        answered,
        internal,
        bytes);
  }

  /// The control: where support people share a login that may read, the marks come back.
  @Test
  void withoutAFenceTheMarksComeBack() throws Exception {
    Target.HELPDESK.mark("marked");
    try (var line = new WatchedLine(Target.HELPDESK.port(), FOREIGN)) {
      var login =
          new Sqlsmith.Login(line.port(), "marked", "support_read", HelpdeskDatabase.PASSWORD);
      say(line, login, SEED);
      assertThat(line.seen()).isPresent();
    }
  }
}
