package org.openlockbox.http.exchange;

import java.util.concurrent.locks.LockSupport;
import org.openlockbox.gateway.recorder.PendingEntry;
import org.openlockbox.gateway.session.SessionRecord;

/// An operation, and the entry that must be durable before anything of it passes.
record RecordedExchange(SessionRecord.RecordedOperation operation, PendingEntry entry) {
  /// Wakes the thread that recorded the entry, and no other of its session.
  static Runnable wakesCaller() {
    Thread caller = Thread.currentThread();
    return () -> LockSupport.unpark(caller);
  }
}
