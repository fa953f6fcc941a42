package org.openlockbox.postgres.relay;

import java.io.IOException;
import org.openlockbox.gateway.notice.EndReason;

/// One of the two sockets of a session cannot be used any more.
final class PeerGone extends IOException {
  private static final long serialVersionUID = 1L;

  private final EndReason reason;

  PeerGone(EndReason reason, IOException cause) {
    super(cause.getMessage(), cause);
    this.reason = reason;
  }

  EndReason reason() {
    return reason;
  }
}
