package org.openlockbox.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.server.problem.Outage;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.transaction.CannotCreateTransactionException;

class DatabaseOutageTest {
  private final AtomicInteger asked = new AtomicInteger();

  private boolean answers(boolean so) {
    asked.incrementAndGet();
    return so;
  }

  private static DataAccessResourceFailureException failure(String state) {
    return new DataAccessResourceFailureException("it failed", new SQLException("why", state));
  }

  /// One log may lie on a bad block, or one statement touch it, while all else is served.
  @ParameterizedTest
  @ValueSource(strings = {"58030", "58P01", "58000"})
  void whatTheDiskDoesNotGiveIsAnOutageOfAllIfTheDatabaseDoesNotAnswer(String state) {
    assertThat(DatabaseOutage.isOfAll(failure(state), () -> answers(true))).isFalse();
    assertThat(DatabaseOutage.isOfAll(failure(state), () -> answers(false))).isTrue();
    assertThat(asked).hasValue(2);
  }

  @Test
  void aLockOrAStatementThatTakesTooLongIsNone() {
    var locked = new CannotAcquireLockException("x", new SQLException("why", "55P03"));
    var slow = new QueryTimeoutException("x", new SQLException("why", "57014"));
    assertThat(Outage.isOne(locked)).isTrue();
    assertThat(Outage.isOne(slow)).isTrue();
    assertThat(DatabaseOutage.isOfAll(locked, () -> answers(false))).isFalse();
    assertThat(DatabaseOutage.isOfAll(slow, () -> answers(false))).isFalse();
    assertThat(asked).hasValue(0);
  }

  /// A connection that was lost in between says nothing of one log.
  @Test
  void aLostConnectionIsAnOutageWithoutAsking() {
    assertThat(DatabaseOutage.isOfAll(failure("08006"), () -> answers(true))).isTrue();
    assertThat(DatabaseOutage.isOfAll(failure("57P01"), () -> answers(true))).isTrue();
    assertThat(
            DatabaseOutage.isOfAll(
                new CannotCreateTransactionException("away"), () -> answers(true)))
        .isTrue();
    assertThat(asked).hasValue(0);
  }
}
