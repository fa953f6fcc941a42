package org.openlockbox.http.exchange;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.openlockbox.gateway.budget.Budgets.ChargeResult;
import org.openlockbox.gateway.budget.Budgets.Meter;
import org.openlockbox.gateway.gate.Gate;
import org.openlockbox.http.session.HttpTraffic;

/// What a request of a session waits for.
record SessionGate(HttpTraffic session) {
  /// The session has ended; what was not released stays where it is.
  static final class AccessEnded extends IOException {
    private static final long serialVersionUID = 1L;

    AccessEnded() {
      super("the access has ended");
    }
  }

  /// The row or byte budget of the access is spent.
  static final class BudgetSpent extends IOException {
    private static final long serialVersionUID = 1L;

    BudgetSpent() {
      super("the budget is spent");
    }
  }

  /// What may be waited for.
  interface Awaited {
    boolean holds() throws InterruptedException;
  }

  static void require(boolean goesOn) throws AccessEnded {
    if (!goesOn) {
      throw new AccessEnded();
    }
  }

  /// Waits until one more operation may be recorded.
  void awaitRoom() throws IOException {
    require(uninterrupted(() -> session.await(session.parts().record()::hasRoom)));
  }

  /// Waits until what was recorded may pass towards the engineer.
  void passOut(RecordedExchange recorded) throws IOException {
    pass(session.parts().gate().out(), recorded);
  }

  /// Waits until what was recorded may pass towards the service.
  void passIn(RecordedExchange recorded) throws IOException {
    pass(session.parts().gate().in(), recorded);
  }

  private void pass(Gate.GatePassage way, RecordedExchange recorded) throws IOException {
    require(uninterrupted(() -> session.await(() -> way.isOpenFor(recorded.entry()))));
  }

  /// Pays for so many rows and bytes.
  void pay(long rows, int bytes) throws IOException {
    Charge charge = new Charge(session.meter(), rows, bytes);
    require(uninterrupted(() -> session.await(charge::isAnswered)));
    if (charge.result != ChargeResult.TAKEN) {
      throw new BudgetSpent();
    }
  }

  /// So many rows and bytes, asked for until there is an answer.
  private static final class Charge {
    private final Meter meter;
    private final long rows;
    private final int bytes;
    private ChargeResult result = ChargeResult.ASKED;

    Charge(Meter meter, long rows, int bytes) {
      this.meter = meter;
      this.rows = rows;
      this.bytes = bytes;
    }

    boolean isAnswered() {
      result = meter.take(rows, bytes);
      return result != ChargeResult.ASKED;
    }
  }

  private static boolean uninterrupted(Awaited wait) throws IOException {
    try {
      return wait.holds();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }
}
