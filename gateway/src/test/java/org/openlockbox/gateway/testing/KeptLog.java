package org.openlockbox.gateway.testing;

import java.util.ArrayList;
import java.util.List;
import org.openlockbox.gateway.controlplane.GatewayEntry;

/// Keeps what is appended, each entry once by its counter, and answers nothing else.
public final class KeptLog extends LogAlone {
  private final List<GatewayEntry> entries = new ArrayList<>();

  public synchronized List<GatewayEntry> entries() {
    return List.copyOf(entries);
  }

  @Override
  public synchronized void append(List<GatewayEntry> more) {
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
