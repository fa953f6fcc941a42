package org.openlockbox.postgres.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.GatewayFixture.answer;
import static org.openlockbox.postgres.Wire.query;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.postgres.GatewayFixture;

/// For a client a statement whose budget is spent has failed. The database may have done with it by
/// then, or go on with it and what was sent behind it: the record says of each what became of it,
/// and nothing more of what it returns is passed on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpentBudgetTest {
  private static final String FIVE = "select id from customers limit 5";
  private static final String WRITE =
      "update customers set name = '%s' where id = 6 returning name";
  private static final Limits TWO_ROWS =
      Limits.UNWRITTEN.withProfile(Profile.EXPERT).withRowBudget(new RowBudget(2));

  private final GatewayFixture fixture = new GatewayFixture();

  @AfterAll
  void stop() {
    fixture.close();
  }

  static Stream<Arguments> batches() {
    return Stream.of(
        Arguments.of(
            "another statement of the batch",
            List.of(
                Talk.parse("", FIVE),
                Talk.bind("", ""),
                Talk.execute("", 0),
                Talk.parse("", WRITE.formatted("behind")),
                Talk.bind("", ""),
                Talk.execute("", 0),
                Talk.sync())),
        Arguments.of(
            "a simple query in the batch",
            List.of(
                Talk.parse("", FIVE),
                Talk.bind("", ""),
                Talk.execute("", 0),
                Talk.flush(),
                query(WRITE.formatted("within")),
                Talk.sync())),
        Arguments.of(
            "a simple query of its own", List.of(query(FIVE), query(WRITE.formatted("alone")))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("batches")
  void theRecordSaysWhatBecameOfWhatWasBehindIt(String what, List<byte[]> said) throws Exception {
    String before = name();
    List<String> heard = heard(said);
    assertThat(heard).as(what).contains("E53400").filteredOn(it -> it.startsWith("D")).hasSize(2);
    String after = name();
    SessionEvent.Outcome outcome = outcomeOfWrite();
    assertThat(outcome.units()).isZero();
    assertThat(outcome.changed() == 1)
        .as("%s: %s, %s", heard, outcome, after)
        .isEqualTo(!after.equals(before));
  }

  /// Everything up to a statement that is sent on its own.
  private List<String> heard(List<byte[]> said) throws SQLException, IOException {
    var access = fixture.approved(Level.WRITE, Duration.ofMinutes(30), TWO_ROWS);
    try (var talk = new Talk(fixture.connect(access))) {
      talk.send(said.toArray(byte[][]::new));
      talk.send(query("set lock_timeout = 1000"), query("selec"));
      return Stream.generate(() -> next(talk)).takeWhile(it -> !it.equals("E42601")).toList();
    }
  }

  private static String next(Talk talk) {
    try {
      return talk.next().orElse("");
    } catch (IOException e) {
      throw new IllegalStateException("the session has ended", e);
    }
  }

  private String name() throws SQLException {
    try (var connection = fixture.connect(fixture.approved(Level.READ))) {
      return answer(connection, "select name from customers where id = 6");
    }
  }

  private SessionEvent.Outcome outcomeOfWrite() {
    GatewayFixture.await(() -> newest().isPresent());
    return newest().orElseThrow();
  }

  /// The outcome of the newest statement that writes.
  private Optional<SessionEvent.Outcome> newest() {
    long wanted = -1;
    Optional<SessionEvent.Outcome> found = Optional.empty();
    for (SessionEvent event : fixture.controlPlane.events()) {
      if (event instanceof SessionEvent.Opened) {
        wanted = -1;
      } else if (event instanceof SessionEvent.Operation made
          && fixture.controlPlane.text(made).startsWith("update")) {
        wanted = made.n();
        found = Optional.empty();
      } else if (event instanceof SessionEvent.Outcome outcome && outcome.n() == wanted) {
        found = Optional.of(outcome);
      }
    }
    return found;
  }
}
