package org.openlockbox.client.session;

import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.gateway.notice.ClientNotice;

/// Nothing is shown, and what the engineer is told.
///
/// @param code a stable word
/// @param message what happened, and why
/// @param hint the next step
public record AccessRefusal(RefusalKind kind, String code, String message, String hint) {
  /// What kind of refusal it is.
  public enum RefusalKind {
    /// Nobody has shown who the engineer is.
    NOT_SIGNED_IN,

    /// The engineer may not.
    FORBIDDEN,

    /// A budget of the access is spent.
    SPENT,

    /// It is not known now whether the engineer may, or it cannot be recorded.
    UNAVAILABLE
  }

  private static final String TRY_AGAIN =
      "Try again in a moment; if it stays so, tell your platform team.";

  static AccessRefusal of(Deny deny) {
    return switch (deny.reason()) {
      case NOT_APPROVED, LIMIT ->
          new AccessRefusal(RefusalKind.FORBIDDEN, "access", deny.message(), deny.hint());
      case CANNOT_CHECK, NO_ROOM, DRAINING ->
          new AccessRefusal(RefusalKind.UNAVAILABLE, "unknown", deny.message(), deny.hint());
    };
  }

  static AccessRefusal ended(ClientNotice why) {
    return new AccessRefusal(RefusalKind.FORBIDDEN, "ended", why.message(), why.hint());
  }

  static AccessRefusal noSuchToken() {
    return new AccessRefusal(
        RefusalKind.NOT_SIGNED_IN,
        "token",
        "nobody has this token, or its time is over",
        "Run `lockbox connect` again for a fresh login.");
  }

  static AccessRefusal elsewhere(String what) {
    return new AccessRefusal(
        RefusalKind.FORBIDDEN,
        "access",
        "this login is for " + what,
        "Connect with what `lockbox connect` prints.");
  }

  static AccessRefusal unavailable(String message) {
    return new AccessRefusal(RefusalKind.UNAVAILABLE, "unknown", message, TRY_AGAIN);
  }

  static AccessRefusal spent(String budget) {
    return new AccessRefusal(
        RefusalKind.SPENT,
        "budget",
        "the budget of this access is spent: " + budget,
        "Further access needs a new request.");
  }
}
