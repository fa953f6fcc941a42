package org.openlockbox.gateway.admission;

import org.openlockbox.postgres.wire.PgError;

/// Nobody gets in, and what the client is told.
public record Deny(PgError error) implements Decision {
  static Deny notApproved(String message, String hint) {
    return new Deny(PgError.fatal(PgError.NOT_APPROVED, message, hint));
  }

  static Deny notWitnessed(String why) {
    return new Deny(
        PgError.fatal(
            PgError.CANNOT_CONNECT_NOW,
            "the customer demands that witnesses have seen the approval: " + why,
            "Nothing was opened. Try again in a moment; if it stays so, a witness is down or is not"
                + " reached: tell your platform team."));
  }

  static Deny cannotCheck(String message) {
    return new Deny(
        PgError.fatal(
            PgError.CANNOT_CONNECT_NOW,
            message,
            "Nothing was opened. Try again in a moment; if it stays so, tell your platform team."));
  }
}
