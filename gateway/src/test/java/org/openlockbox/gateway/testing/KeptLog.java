package org.openlockbox.gateway.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.openlockbox.gateway.controlplane.GatewayEntry;

/// Keeps what is appended, each entry once by its counter, and answers nothing else.
public final class KeptLog extends LogAlone {
  private final List<GatewayEntry> entries = new ArrayList<>();
  private final List<Integer> calls = new ArrayList<>();
  private volatile CountDownLatch answers = new CountDownLatch(0);

  public synchronized List<GatewayEntry> entries() {
    return List.copyOf(entries);
  }

  /// How many entries each call has brought.
  public synchronized List<Integer> calls() {
    return List.copyOf(calls);
  }

  /// No call is answered before this is.
  public void answersAfter(CountDownLatch latch) {
    answers = latch;
  }

  @Override
  public void append(List<GatewayEntry> more) {
    called(more.size());
    try {
      answers.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    keep(more);
  }

  private synchronized void called(int size) {
    calls.add(size);
  }

  private synchronized void keep(List<GatewayEntry> more) {
    for (GatewayEntry entry : more) {
      if (entry.counter() > entries.size()) {
        throw new AppendRefused("a counter is missing");
      }
      if (entry.counter() == entries.size()) {
        entries.add(entry);
      }
    }
  }
}
