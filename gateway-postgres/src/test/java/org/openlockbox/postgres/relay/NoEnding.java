package org.openlockbox.postgres.relay;

import org.openlockbox.gateway.session.EndReason;
import org.openlockbox.postgres.wire.PgError;

/// Of a relay whose session nobody ends.
final class NoEnding implements Relay.Ending {
  @Override
  public void end(EndReason reason, PgError tell) {}

  @Override
  public void failed(Throwable why) {}
}
