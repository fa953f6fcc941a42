package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.session.LiveSessions;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/// A time of day that is set beyond the end of the granted time voids the lease as well.
class SetClockTest {
  private static final String STREAM =
      "copy (select repeat('x', 1000), generate_series(1, 1000000000)) to stdout";

  private final AtomicBoolean jumps = new AtomicBoolean();
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final GatewayFixture fixture =
      new GatewayFixture(LiveSessions.SessionLimits.STANDARD, this::timeOfDay);

  /// Jumps when it is asked for whether a write was late.
  private Instant timeOfDay() {
    if (jumps.get() && isAskedBehindAWrite()) {
      ahead.set(Duration.ofMinutes(61));
    }
    return Instant.now().plus(ahead.get());
  }

  private static boolean isAskedBehindAWrite() {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("isLate")));
  }

  @AfterEach
  void nothingIsLeft() {
    fixture.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  @Test
  void aSessionInTheMiddleOfAResultEndsForTheTimeAndNotForTheLease() throws SQLException {
    Connection connection = fixture.connect(fixture.approved(Level.READ));
    CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(STREAM);
    assertThat(copy.readFromCopy()).isNotEmpty();
    jumps.set(true);
    assertThatThrownBy(() -> readAll(copy)).isInstanceOf(SQLException.class);
    GatewayFixture.await(() -> !fixture.controlPlane.reasons().isEmpty());
    assertThat(fixture.controlPlane.reasons()).containsExactly("expired");
    connection.abort(Runnable::run);
  }

  private static void readAll(CopyOut copy) throws SQLException {
    while (copy.readFromCopy() != null) {
      // to the end
    }
  }
}
