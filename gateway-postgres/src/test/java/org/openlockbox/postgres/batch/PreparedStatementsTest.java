package org.openlockbox.postgres.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.postgres.batch.QueryBatch.QueryPosition;
import org.openlockbox.postgres.statement.FilterResult;
import org.openlockbox.postgres.statement.SqlNames;
import org.openlockbox.postgres.wire.WireViolation;

public class PreparedStatementsTest {
  private static final SessionRecord.RecordedOperation FIRST =
      new SessionRecord.RecordedOperation(0, Bytes.empty());

  private static final NamedStatement A = meaning("select 'a'");
  private static final NamedStatement B = meaning("select 'b'");
  private final PreparedStatements statements = new PreparedStatements();

  public static NamedStatement meaning(String sql) {
    return new NamedStatement(
        Bytes.ofUtf8(sql), SqlFacts.of("select"), Optional.empty(), false, false, SqlNames.NONE);
  }

  private void prepared(String name, NamedStatement meaning) {
    statements.parse(name, meaning);
    statements.sync();
    statements.answered(BatchStep.StepKind.PARSE);
    statements.ready(true);
  }

  @Test
  void aNameIsLookedUpOnlyWhenTheSegmentThatChangesItIsAnswered() {
    prepared("s", A);
    statements.parse("s", B);
    statements.sync();
    assertThat(statements.mustWait(false, "s")).isTrue();
    statements.failed();
    statements.ready(true);
    assertThat(statements.mustWait(false, "s")).isFalse();
    assertThat(statements.meaning(false, "s")).contains(A);
  }

  @Test
  void withinItsOwnSegmentTheNewestParseCounts() {
    prepared("s", A);
    statements.parse("s", B);
    assertThat(statements.mustWait(false, "s")).isFalse();
    assertThat(statements.meaning(false, "s")).contains(B);
  }

  @Test
  void sqlThatMayRenameMakesAllKnownNamesUnknown() {
    prepared("s", A);
    Bytes sql = Bytes.ofUtf8("DEALLOCATE s; PREPARE s AS select 'b'");
    statements.query(statements.placeOfQuery(), AsyncFilter.renames(sql), FIRST);
    assertThat(statements.mustWait(false, "s")).isTrue();
    statements.ready(true);
    assertThat(statements.meaning(false, "s")).isEmpty();
  }

  @Test
  void aCommittedTransactionForgetsItsPortals() {
    prepared("s", A);
    statements.bind("p", A, Bytes.empty());
    statements.sync();
    statements.answered(BatchStep.StepKind.BIND);
    statements.ready(false);
    assertThat(statements.meaning(true, "p")).contains(A);
    statements.sync();
    statements.ready(true);
    assertThat(statements.meaning(true, "p")).isEmpty();
  }

  @Test
  void answersThatNobodyAskedForAreAViolation() {
    assertThatThrownBy(() -> statements.answered(BatchStep.StepKind.PARSE))
        .isInstanceOf(WireViolation.class);
    assertThatThrownBy(() -> statements.ready(true)).isInstanceOf(WireViolation.class);
    statements.parse("", A);
    assertThatThrownBy(this::queried).isInstanceOf(WireViolation.class);
  }

  private BatchStep queried() {
    return statements.query(statements.placeOfQuery(), false, FIRST);
  }

  /// A batch that has prepared the statement, and what a Flush behind it had asked for has come.
  private void preparedInBatch(String name) {
    statements.parse(name, A);
    statements.flush();
    statements.sent();
    statements.answered(BatchStep.StepKind.PARSE);
    statements.answered(BatchStep.StepKind.CLOSE);
  }

  @Test
  void aSimpleQueryEndsABatchWhoseAnswersHaveCome() {
    statements.parse("s", A);
    statements.flush();
    statements.sent();
    assertThat(statements.placeOfQuery()).isEqualTo(QueryPosition.EARLY);
    statements.answered(BatchStep.StepKind.PARSE);
    assertThat(statements.placeOfQuery()).isEqualTo(QueryPosition.EARLY);
    statements.answered(BatchStep.StepKind.CLOSE);
    queried();
    assertThat(statements.isUndecided()).isTrue();
    assertThat(statements.runsByItself()).isFalse();
    statements.sent();
    assertThat(statements.runsByItself()).isTrue();
    assertThat(statements.awaitsClient()).isFalse();
    assertThat(statements.answered(BatchStep.StepKind.CLOSE).isHidden()).isTrue();
    assertThat(statements.isUndecided()).isFalse();
    assertThat(statements.mustWait(false, "s")).isTrue();
    statements.ready(true);
    assertThat(statements.isUnderWay()).isFalse();
    assertThat(statements.meaning(false, "s")).contains(A);
  }

  /// A timeout has met it: the batch is over for the client, and the database waits for a Sync.
  @Test
  void aSimpleQueryWhoseCloseFailsEndsTheBatchWithASyncOfTheGateways() {
    preparedInBatch("s");
    statements.query(statements.placeOfQuery(), true, FIRST);
    statements.sent();
    assertThat(statements.failed()).isPresent();
    assertThat(statements.isUndecided()).isFalse();
    assertThat(statements.owesSync()).isTrue();
    assertThat(statements.runsByItself()).isFalse();
    assertThatThrownBy(() -> statements.ready(true)).isInstanceOf(WireViolation.class);
  }

  @Test
  void andHasChangedNoName() {
    preparedInBatch("s");
    statements.query(statements.placeOfQuery(), true, FIRST);
    statements.sent();
    statements.failed();
    statements.syncIsSent();
    assertThat(statements.runsByItself()).isTrue();
    assertThat(statements.ready(true)).isEmpty();
    assertThat(statements.isUnderWay()).isFalse();
    assertThat(statements.meaning(false, "s")).contains(A);
  }

  @Test
  void aSimpleQueryBehindAFlushThatFailsIsSkipped() {
    preparedInBatch("");
    assertThat(statements.flush()).isTrue();
    assertThat(statements.placeOfQuery()).isEqualTo(QueryPosition.EARLY);
    assertThat(statements.failed()).isEmpty();
    assertThat(statements.owesSync()).isFalse();
    assertThat(statements.placeOfQuery()).isEqualTo(QueryPosition.SKIPPED);
    statements.sync();
    assertThat(statements.ready(true)).isEmpty();
    assertThat(statements.isUnderWay()).isFalse();
  }

  @Test
  void aFlushIsSentOnlyWhereItAsksForSomethingThatNoneAsksForYet() {
    assertThat(statements.flush()).isFalse();
    statements.parse("", A);
    assertThat(statements.flush()).isTrue();
    assertThat(statements.flush()).isFalse();
    statements.answered(BatchStep.StepKind.PARSE);
    statements.answered(BatchStep.StepKind.CLOSE);
    assertThat(statements.flush()).isTrue();
    statements.failed();
    assertThat(statements.flush()).isFalse();
  }

  /// What is taken but not sent, as when the time of the access is over, does not run.
  @Test
  void onlyWhatIsSentRunsByItself() {
    statements.parse("", A);
    statements.flush();
    assertThat(statements.runsByItself()).isFalse();
    statements.sent();
    assertThat(statements.runsByItself()).isTrue();
    statements.bind("", A, Bytes.empty());
    statements.flush();
    assertThat(statements.runsByItself()).isTrue();
    statements.answered(BatchStep.StepKind.PARSE);
    statements.answered(BatchStep.StepKind.CLOSE);
    assertThat(statements.runsByItself()).isFalse();
  }

  @Test
  void muchTextInABatchIsFlushedAndWaitsForItsAnswers() {
    NamedStatement long3 = meaning("select '" + "3".repeat(3 * 1024 * 1024) + "'");
    statements.parse("", long3);
    assertThat(statements.drains(false)).isFalse();
    statements.parse("", long3);
    assertThat(statements.haveRoom()).isTrue();
    assertThat(statements.drains(false)).isTrue();
    assertThat(statements.drains(false)).isFalse();
    assertThat(statements.haveRoom()).isFalse();
    statements.answered(BatchStep.StepKind.PARSE);
    statements.answered(BatchStep.StepKind.PARSE);
    assertThat(statements.haveRoom()).isFalse();
    statements.answered(BatchStep.StepKind.CLOSE);
    assertThat(statements.haveRoom()).isTrue();
  }

  /// Who waits so has not left the session alone.
  @Test
  void aBatchOfManyMessagesIsFlushedAndWaits() {
    for (int i = 0; i < QueryBatch.MAX_STEPS; i++) {
      assertThat(statements.drains(false)).isFalse();
      statements.bind("", A, Bytes.empty());
    }
    assertThat(statements.awaitsClient()).isTrue();
    assertThat(statements.drains(false)).isTrue();
    assertThat(statements.awaitsClient()).isFalse();
    assertThat(statements.runsByItself()).isFalse();
    statements.sent();
    assertThat(statements.runsByItself()).isTrue();
    for (int i = 0; i < QueryBatch.MAX_STEPS; i++) {
      assertThat(statements.haveRoom()).isFalse();
      statements.answered(BatchStep.StepKind.BIND);
    }
    statements.answered(BatchStep.StepKind.CLOSE);
    assertThat(statements.haveRoom()).isTrue();
    assertThat(statements.drains(true)).isFalse();
  }

  @Test
  void allOfABatchIsAskedForOnceBeforeAGoodbye() {
    assertThat(statements.drains(true)).isFalse();
    statements.bind("", A, Bytes.empty());
    assertThat(statements.drains(true)).isTrue();
    assertThat(statements.drains(true)).isFalse();
    statements.answered(BatchStep.StepKind.BIND);
    statements.answered(BatchStep.StepKind.CLOSE);
    queried();
    assertThat(statements.drains(true)).isFalse();
    statements.failed();
    assertThat(statements.drains(true)).isFalse();
  }

  @Test
  void whatIsSkippedIsToldOnceWhenItHasBeenSent() {
    statements.parse("a", A);
    statements.execute("", A, FIRST);
    statements.sent();
    statements.execute("", A, new SessionRecord.RecordedOperation(1, Bytes.empty()));
    assertThat(statements.failed().flatMap(BatchStep::recorded)).contains(FIRST);
    assertThat(statements.skipped()).isEmpty();
    assertThat(statements.sent()).hasSize(1);
    statements.execute("", A, new SessionRecord.RecordedOperation(2, Bytes.empty()));
    statements.sync();
    assertThat(statements.skipped()).hasSize(1);
    assertThat(statements.ready(true)).isEmpty();
  }

  @Test
  void parametersAreDescribedOnceWhereTheyAreAskedFor() {
    statements.describe(false, "s");
    assertThatThrownBy(() -> statements.describedParameters(7)).isInstanceOf(WireViolation.class);
    statements.describedParameters(6);
    assertThatThrownBy(() -> statements.describedParameters(6)).isInstanceOf(WireViolation.class);
    statements.described(OptionalInt.empty());
    statements.describe(true, "p");
    assertThatThrownBy(() -> statements.describedParameters(2)).isInstanceOf(WireViolation.class);
  }

  @Test
  void aSimpleQueryInABatchThatHasFailedIsSkipped() {
    statements.parse("", A);
    statements.flush();
    statements.failed();
    assertThat(statements.placeOfQuery()).isEqualTo(QueryPosition.SKIPPED);
    statements.sync();
    assertThat(statements.ready(true)).isEmpty();
  }

  @Test
  void soIsOneWhereTheClientAloneWasToldOfAnError() {
    statements.execute("", A, FIRST);
    statements.flush();
    statements.toldAnError();
    statements.answered(BatchStep.StepKind.EXECUTE);
    statements.answered(BatchStep.StepKind.CLOSE);
    assertThat(statements.placeOfQuery()).isEqualTo(QueryPosition.SKIPPED);
    statements.sync();
    assertThat(statements.ready(true)).isEmpty();
    assertThat(statements.placeOfQuery()).isEqualTo(QueryPosition.ALONE);
  }

  private static FilterResult passing(boolean several) {
    return new FilterResult(
        SqlFacts.of("update"), Optional.empty(), Optional.empty(), false, SqlNames.NONE, several);
  }

  @Test
  void aQueryOfSeveralStatementsHasSomethingBehindTheOneThatRuns() {
    queried().judged(passing(true));
    assertThat(statements.isPipelined()).isTrue();
    statements.ready(true);
    assertThat(statements.isPipelined()).isFalse();
    queried().judged(passing(false));
    assertThat(statements.isPipelined()).isFalse();
    queried().judged(passing(false));
    assertThat(statements.isPipelined()).isTrue();
  }
}
