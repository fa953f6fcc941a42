package org.openlockbox.postgres;

import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.postgres.relay.ErrorWords;
import org.openlockbox.postgres.wire.PgError;

/// What the gateway's core tells a client, as PostgreSQL says such things.
final class GatewayErrors {
  static final String TOO_MANY_CONNECTIONS = "53300";

  private GatewayErrors() {}

  static PgError of(Deny deny) {
    String sqlState =
        switch (deny.reason()) {
          case NOT_APPROVED -> PgError.NOT_APPROVED;
          case CANNOT_CHECK -> PgError.CANNOT_CONNECT_NOW;
          case NO_ROOM -> TOO_MANY_CONNECTIONS;
          case DRAINING -> PgError.CANNOT_CONNECT_NOW; // libpq goes on to its next host
          case LIMIT -> PgError.LIMIT;
        };
    return PgError.fatal(sqlState, deny.message(), deny.hint());
  }

  /// Why a session ends; whoever has an error for it knows best.
  static PgError of(EndReason reason, ClientNotice words) {
    if (words instanceof ErrorWords(PgError error)) {
      return error;
    }
    return PgError.fatal(sqlState(reason), words.message(), words.hint());
  }

  private static String sqlState(EndReason reason) {
    if (reason == EndReason.RECORD_SPENT) {
      return PgError.LIMIT;
    }
    boolean opens = reason == EndReason.NOT_OPENED || reason == EndReason.REFUSED;
    return opens ? PgError.CANNOT_CONNECT_NOW : PgError.ADMIN_SHUTDOWN;
  }
}
