package org.openlockbox.postgres.relay;

import org.openlockbox.gateway.session.ClientWords;
import org.openlockbox.gateway.session.EndReason;
import org.openlockbox.gateway.session.SessionParts;

/// Of a relay whose session nobody ends.
final class NoEnding implements SessionParts.End {
  @Override
  public void end(EndReason reason, ClientWords words) {}

  @Override
  public void failed(Throwable why) {}
}
