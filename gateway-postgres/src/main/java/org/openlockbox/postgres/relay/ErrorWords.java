package org.openlockbox.postgres.relay;

import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.postgres.wire.PgError;

/// What a client is told, as PostgreSQL's protocol says it exactly.
public record ErrorWords(PgError error) implements ClientNotice {
  @Override
  public String message() {
    return error.message();
  }

  @Override
  public String hint() {
    return error.hint();
  }
}
