package org.openlockbox.postgres.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.postgres.statement.FilterResult;
import org.openlockbox.postgres.statement.SqlNames;

class NameOriginsTest {
  private static final SqlNames.Use NONE = new SqlNames.Use(Set.of(), Set.of(), Set.of());

  private final NameOrigins origins = new NameOrigins();

  NameOriginsTest() {
    origins.ran(query(7, NONE, makes("c")), true);
    origins.ran(query(8, makes("s"), NONE), true);
    assertThat(made(true, "c")).contains(7L);
    assertThat(made(false, "s")).contains(8L);
  }

  private Optional<Long> made(boolean cursor, String name) {
    return origins.of(cursor, name).map(NameOrigins.Origin::number);
  }

  private static SqlNames.Use makes(String name) {
    return new SqlNames.Use(Set.of(name), Set.of(), Set.of());
  }

  private static Step query(long number, SqlNames.Use statements, SqlNames.Use cursors) {
    Step step = new Step(Step.Kind.QUERY, false, "", null, false);
    var names = new SqlNames(statements, cursors, false);
    step.judged(
        new FilterResult(
            SqlFacts.of("other"), Optional.empty(), Optional.empty(), false, names, false));
    step.recordedAs(new SessionRecord.Recorded(number, Bytes.empty()));
    return step;
  }

  @Test
  void aPortalTakesTheNameOfACursorAndOfNoPreparedStatement() {
    origins.bound(new Step(Step.Kind.BIND, true, "c", null, false));
    origins.bound(new Step(Step.Kind.BIND, true, "s", null, false));
    assertThat(made(true, "c")).isEmpty();
    assertThat(made(false, "s")).contains(8L);
  }

  @Test
  void aTransactionsEndLeavesNoCursorAndEveryPreparedStatement() {
    origins.transactionEnded();
    assertThat(made(true, "c")).isEmpty();
    assertThat(made(false, "s")).contains(8L);
  }
}
