package org.openlockbox.postgres.relay;

import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.session.SessionParts;

/// Of a relay whose session nobody ends.
final class NoEnding implements SessionParts.EndSignal {
  @Override
  public void end(EndReason reason, ClientNotice words) {}

  @Override
  public void failed(Throwable why) {}
}
