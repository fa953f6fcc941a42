package org.openlockbox.postgres.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.tlog.tree.Hash;

/// What an outcome commits to when all has been passed on, and when its session ends before that.
class RowCommitmentTest {
  private final RowCommitment rows = new RowCommitment();

  private static Commitment to(String text) {
    var digest = Hash.begun();
    digest.update(text.getBytes(UTF_8));
    return RowCommitment.of(digest);
  }

  @BeforeEach
  void aRow() {
    assertThat(rows.isEmpty()).isTrue();
    rows.digest().update("one".getBytes(UTF_8));
  }

  @Test
  void allRowsOfAStatementAreCommittedToOnce() {
    rows.digest().update("two".getBytes(UTF_8));
    assertThat(rows.take()).contains(to("onetwo"));
    assertThat(rows.isEmpty()).isTrue();
    assertThat(rows.take()).isEmpty();
  }

  @Test
  void whatIsAheadIsNotPassedOn() {
    assertThat(rows.passedOn()).isEmpty();
    rows.passed();
    rows.digest().update("two".getBytes(UTF_8));
    assertThat(rows.passedOn().map(RowCommitment::of)).contains(to("one"));
    rows.passed();
    assertThat(rows.passedOn().map(RowCommitment::of)).contains(to("onetwo"));
  }

  @Test
  void aStatementBeginsWithNothing() {
    rows.passed();
    rows.take();
    rows.passed();
    assertThat(rows.passedOn()).isEqualTo(Optional.empty());
  }
}
