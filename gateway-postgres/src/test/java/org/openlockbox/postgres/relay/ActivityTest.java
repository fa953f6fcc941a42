package org.openlockbox.postgres.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.gateway.session.Activity;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.postgres.batch.AsyncFilter;
import org.openlockbox.postgres.batch.BatchStep;
import org.openlockbox.postgres.batch.PreparedStatements;
import org.openlockbox.postgres.batch.PreparedStatementsTest;
import org.openlockbox.postgres.batch.QueryBatch.QueryPosition;

/// Which sessions may be left alone for a moment, and what ends that.
class ActivityTest {
  private final PreparedStatements statements = new PreparedStatements();
  private final Activity activity = new Activity(statements);

  @BeforeEach
  void letIn() {
    activity.opened(0);
  }

  @Test
  void aSessionThatIsLeftAloneIsLookedAtAgainWhenThatIsOverOrWhenItStirs() {
    assertThat(activity.isLeftAlone(0)).isFalse();
    activity.leaveAlone(10);
    assertThat(activity.isLeftAlone(9)).isTrue();
    assertThat(activity.isLeftAlone(10)).isFalse();
    activity.leaveAlone(20);
    activity.stir();
    assertThat(activity.isLeftAlone(11)).isFalse();
  }

  @Test
  void nothingIsLeftAloneWhileItOpens() {
    assertThat(activity.mayBeLeftAlone()).isTrue();
    assertThat(new Activity(statements).mayBeLeftAlone()).isFalse();
  }

  @Test
  void aSessionWithAStatementUnderWayIsNotLeftAlone() {
    statements.query(
        QueryPosition.ALONE,
        AsyncFilter.renames(Bytes.ofUtf8("select 1")),
        new SessionRecord.RecordedOperation(0, Bytes.empty()));
    assertThat(activity.mayBeLeftAlone()).isFalse();
  }

  @Test
  void aBatchWithoutItsEndIsNotLeftAloneAlsoWhereAllOfItIsAnswered() {
    statements.parse("", PreparedStatementsTest.meaning("select 1"));
    statements.flush();
    statements.answered(BatchStep.StepKind.PARSE);
    assertThat(activity.mayBeLeftAlone()).isFalse();
  }

  @Test
  void aSessionThatMayHoldLocksIsNotLeftAlone() {
    activity.ready(true);
    assertThat(activity.mayBeLeftAlone()).isFalse();
    activity.ready(false);
    assertThat(activity.mayBeLeftAlone()).isTrue();
    activity.copyingIn();
    assertThat(activity.mayBeLeftAlone()).isFalse();
  }

  @Test
  void aClientThatOwesOrTakesNothingIsNotLeftAlone() {
    activity.owesRest(true);
    assertThat(activity.mayBeLeftAlone()).isFalse();
    activity.owesRest(false);
    activity.unfetched(true);
    assertThat(activity.mayBeLeftAlone()).isFalse();
  }
}
