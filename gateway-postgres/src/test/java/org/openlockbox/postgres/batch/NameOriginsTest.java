package org.openlockbox.postgres.batch;

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
  private static final SqlNames.NameUse NONE = new SqlNames.NameUse(Set.of(), Set.of(), Set.of());

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

  private static SqlNames.NameUse makes(String name) {
    return new SqlNames.NameUse(Set.of(name), Set.of(), Set.of());
  }

  private static BatchStep query(
      long number, SqlNames.NameUse statements, SqlNames.NameUse cursors) {
    BatchStep step = new BatchStep(BatchStep.StepKind.QUERY, false, "", null, false);
    var names = new SqlNames(statements, cursors, false);
    step.judged(
        new FilterResult(
            SqlFacts.of("other"), Optional.empty(), Optional.empty(), false, names, false));
    step.recordedAs(new SessionRecord.RecordedOperation(number, Bytes.empty()));
    return step;
  }

  @Test
  void aPortalTakesTheNameOfACursorAndOfNoPreparedStatement() {
    origins.bound(new BatchStep(BatchStep.StepKind.BIND, true, "c", null, false));
    origins.bound(new BatchStep(BatchStep.StepKind.BIND, true, "s", null, false));
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
