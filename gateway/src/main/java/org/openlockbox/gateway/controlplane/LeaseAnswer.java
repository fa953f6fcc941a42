package org.openlockbox.gateway.controlplane;

import java.time.Duration;
import java.util.Set;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;

/// A renewed lease: how long it lasts from the moment it was asked for, and which requests and
/// sessions have ended.
public record LeaseAnswer(Duration lasts, Set<RequestId> ended, Set<SessionId> stopped) {
  public LeaseAnswer {
    ended = Set.copyOf(ended);
    stopped = Set.copyOf(stopped);
  }
}
