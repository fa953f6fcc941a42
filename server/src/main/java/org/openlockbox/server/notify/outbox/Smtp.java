package org.openlockbox.server.notify.outbox;

import java.util.Optional;
import java.util.function.Supplier;

/// Where mail goes out.
public record Smtp(
    String host,
    int port,
    boolean startTls,
    Optional<String> user,
    Supplier<String> password,
    String from) {
  @Override
  public String toString() {
    return "Smtp[%s:%d]".formatted(host, port);
  }
}
