package org.openlockbox.net;

import java.io.IOException;

/// Bytes may have left after the time for them was over, because the process or the machine stood
/// still in between. The connection is reset: what the peer has not received is thrown away.
public final class LateWrite extends IOException {
  private static final long serialVersionUID = 1L;

  LateWrite() {
    super("a pause made a release too late; the connection is reset");
  }
}
