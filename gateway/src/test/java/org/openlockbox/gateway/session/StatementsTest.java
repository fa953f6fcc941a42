package org.openlockbox.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.evidence.StatementFacts;
import org.openlockbox.gateway.postgres.WireViolation;

class StatementsTest {
  private static final Step.Recorded FIRST = new Step.Recorded(0, Bytes.empty());

  private static final Meaning A = meaning("select 'a'");
  private static final Meaning B = meaning("select 'b'");
  private final Statements statements = new Statements();

  static Meaning meaning(String sql) {
    return new Meaning(Bytes.ofUtf8(sql), StatementFacts.of("select"), false);
  }

  private void prepared(String name, Meaning meaning) {
    statements.parse(name, meaning);
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
    statements.query(Judging.renames(sql), FIRST);
    assertThat(statements.mustWait(false, "s")).isTrue();
    statements.ready(true);
    assertThat(statements.meaning(false, "s")).isEmpty();
  }

  @Test
  void aCommittedTransactionForgetsItsPortals() {
    prepared("s", A);
    statements.bind("p", A, Bytes.empty());
    statements.sync();
    statements.answered(Step.Kind.BIND);
    statements.ready(false);
    assertThat(statements.meaning(true, "p")).contains(A);
    statements.sync();
    statements.ready(true);
    assertThat(statements.meaning(true, "p")).isEmpty();
  }

  @Test
  void answersThatNobodyAskedForAreAViolation() {
    assertThatThrownBy(() -> statements.answered(Step.Kind.PARSE))
        .isInstanceOf(WireViolation.class);
    assertThatThrownBy(() -> statements.ready(true)).isInstanceOf(WireViolation.class);
    statements.parse("", A);
    assertThatThrownBy(() -> statements.query(false, FIRST)).isInstanceOf(WireViolation.class);
  }
}
