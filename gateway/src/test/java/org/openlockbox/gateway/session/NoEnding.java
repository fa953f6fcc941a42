package org.openlockbox.gateway.session;

import org.openlockbox.gateway.postgres.PgError;

/// Of a relay whose session nobody ends.
final class NoEnding implements Relay.Ending {
  @Override
  public void end(EndReason reason, PgError tell) {}

  @Override
  public void failed(Throwable why) {}
}
