package org.openlockbox.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.gateway.postgres.WireViolation;

class StatementsTest {
  private static final Bytes A = Bytes.ofUtf8("select 'a'");
  private static final Bytes B = Bytes.ofUtf8("select 'b'");
  private final Statements statements = new Statements();

  private void prepared(String name, Bytes text) {
    statements.parse(name, text);
    statements.sync();
    statements.answered(Step.Kind.PARSE);
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
    assertThat(statements.text(false, "s")).contains(A);
  }

  @Test
  void withinItsOwnSegmentTheNewestParseCounts() {
    prepared("s", A);
    statements.parse("s", B);
    assertThat(statements.mustWait(false, "s")).isFalse();
    assertThat(statements.text(false, "s")).contains(B);
  }

  @Test
  void sqlThatMayRenameMakesAllKnownNamesUnknown() {
    prepared("s", A);
    Bytes sql = Bytes.ofUtf8("DEALLOCATE s; PREPARE s AS select 'b'");
    statements.query(Judging.renames(sql), 0);
    assertThat(statements.mustWait(false, "s")).isTrue();
    statements.ready(true);
    assertThat(statements.text(false, "s")).isEmpty();
  }

  @Test
  void aCommittedTransactionForgetsItsPortals() {
    prepared("s", A);
    statements.bind("p", Optional.of(A), Bytes.empty());
    statements.sync();
    statements.answered(Step.Kind.BIND);
    statements.ready(false);
    assertThat(statements.text(true, "p")).contains(A);
    statements.sync();
    statements.ready(true);
    assertThat(statements.text(true, "p")).isEmpty();
  }

  @Test
  void answersThatNobodyAskedForAreAViolation() {
    assertThatThrownBy(() -> statements.answered(Step.Kind.PARSE))
        .isInstanceOf(WireViolation.class);
    assertThatThrownBy(() -> statements.ready(true)).isInstanceOf(WireViolation.class);
    statements.parse("", A);
    assertThatThrownBy(() -> statements.query(false, 0)).isInstanceOf(WireViolation.class);
  }
}
