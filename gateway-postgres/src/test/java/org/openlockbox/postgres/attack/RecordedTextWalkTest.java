package org.openlockbox.postgres.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.Wire.query;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.postgres.GatewayFixture;

/// The recorded text is the text that ran: random walks through Parse, Bind, Execute, Close, Sync,
/// simple queries, also within a batch, errors and SQL that makes names of its own. Each text
/// returns a mark, so the rows that come back tell what has run.
class RecordedTextWalkTest {
  private static final boolean LONG = Boolean.getBoolean("lockbox.long");
  private static final int WALKS = LONG ? 2_000 : 60;
  private static final long SEED = 20_261_125L;
  private static final int STEPS = 60;
  private static final String END = "the end";
  private static final String[] STATEMENTS = {"", "a", "b"};
  private static final String[] PORTALS = {"", "p", "q"};

  /// How many walks are written into one log; each look reads it from its beginning.
  private static final int WALKS_OF_A_LOG = 100;

  private static Target.Gateway gateway = new Target.Gateway();
  private static int walked;

  static List<Long> seeds() {
    List<Long> seeds = new ArrayList<>();
    for (int i = 0; i < WALKS; i++) {
      seeds.add(SEED + i);
    }
    return seeds;
  }

  @AfterAll
  static void nothingIsLeft() {
    gateway.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  private static Connection connect() throws SQLException {
    if (++walked % WALKS_OF_A_LOG == 0) {
      nothingIsLeft();
      gateway = new Target.Gateway();
    }
    return gateway.connect(Level.READ);
  }

  /// One walk: what is sent.
  private static final class Walk {
    private final Random random;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private int marks;
    private boolean open;
    private boolean executed;

    Walk(long seed) {
      this.random = new Random(seed);
      for (int i = 0; i < STEPS; i++) {
        step();
      }
      sync();
      sent.writeBytes(query("rollback"));
      sent.writeBytes(query("select '" + END + "'"));
    }

    private String of(String[] names) {
      return names[random.nextInt(names.length)];
    }

    private String mark() {
      return "select 'm" + marks++ + "' from generate_series(1, 2)";
    }

    private String text() {
      return switch (random.nextInt(12)) {
        case 0 -> "selec 'm" + marks++ + "'";
        case 1 -> "select 1/0, 'm" + marks++ + "'";
        case 2 -> "";
        case 3 -> "begin";
        case 4 -> "commit";
        default -> mark();
      };
    }

    private void step() {
      switch (random.nextInt(10)) {
        case 0, 1 -> said(Talk.parse(of(STATEMENTS), text()));
        case 2, 3 -> said(Talk.bind(of(PORTALS), of(STATEMENTS)));
        case 4, 5 -> {
          said(Talk.execute(of(PORTALS), random.nextInt(3)));
          executed = true;
        }
        case 6 -> said(Talk.close(random.nextBoolean() ? 'S' : 'P', of(PORTALS)));
        case 7 -> said(Talk.describe('S', of(STATEMENTS)));
        case 8 -> sync();
        default -> simple();
      }
    }

    private void said(byte[] message) {
      sent.writeBytes(message);
      open = true;
    }

    private void sync() {
      sent.writeBytes(Talk.sync());
      open = false;
      executed = false;
    }

    /// A simple query comes behind the batch before it, or within it once all before is answered,
    /// if nothing of it was executed; whether it runs there or is skipped, the batch may go on.
    private void simple() {
      if (open && (executed || random.nextBoolean())) {
        sync();
      } else if (open) {
        sent.writeBytes(Talk.flush());
      }
      String name = STATEMENTS[1 + random.nextInt(2)];
      sent.writeBytes(
          query(
              switch (random.nextInt(8)) {
                case 0 -> "prepare " + name + " as " + mark();
                case 1 -> "execute " + name;
                case 2 -> "deallocate all";
                case 3 -> "deallocate " + name;
                case 4 -> "declare p cursor for " + mark();
                case 5 -> "begin; " + mark();
                case 6 -> "rollback";
                default -> text();
              }));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void eachRowCameOfTheTextThatIsRecorded(long seed) throws SQLException, IOException {
    Walk walk = new Walk(seed);
    Connection connection = connect();
    try {
      List<String> rows = rows(connection, walk);
      GatewayFixture.await(() -> Ran.rows(record()) == rows.size());
      Ran ran = record();
      int at = 0;
      for (SessionEvent.Outcome outcome : ran.outcomes()) {
        for (int i = 0; i < outcome.units(); i++) {
          String text = ran.texts().getOrDefault(outcome.n(), "nothing");
          assertThat(saysWhatRan(text, "'" + rows.get(at) + "'", outcome.n(), ran))
              .as("%s came of: %s", rows.get(at), text)
              .isTrue();
          at++;
        }
      }
    } finally {
      connection.abort(Runnable::run);
    }
  }

  private static List<String> rows(Connection connection, Walk walk) throws IOException {
    Talk talk = new Talk(connection);
    talk.send(walk.sent.toByteArray());
    List<String> rows = new ArrayList<>();
    while (!rows.contains(END)) {
      String heard = talk.next().orElse("");
      if (heard.startsWith("D:")) {
        rows.add(heard.substring(2));
      }
    }
    return rows;
  }

  /// What is executed by a name that SQL made, or by SQL, stands in the record before.
  private static boolean saysWhatRan(String text, String mark, long number, Ran ran) {
    boolean byName = text.startsWith("-- ") || text.startsWith("execute ");
    return text.contains(mark)
        || (byName
            && ran.texts().headMap(number).values().stream().anyMatch(t -> t.contains(mark)));
  }

  /// What the newest session's record says: each statement's text by its number, and the outcomes.
  private record Ran(SortedMap<Long, String> texts, List<SessionEvent.Outcome> outcomes) {
    static long rows(Ran ran) {
      return ran.outcomes().stream().mapToLong(SessionEvent.Outcome::units).sum();
    }
  }

  private static Ran record() {
    Ran ran = new Ran(new TreeMap<>(), new ArrayList<>());
    for (SessionEvent event : gateway.fixture().controlPlane.events()) {
      switch (event) {
        case SessionEvent.Opened _ -> {
          ran.texts().clear();
          ran.outcomes().clear();
        }
        case SessionEvent.Operation made ->
            ran.texts().put(made.n(), gateway.fixture().controlPlane.text(made));
        case SessionEvent.Outcome outcome -> ran.outcomes().add(outcome);
        default -> {}
      }
    }
    return ran;
  }
}
