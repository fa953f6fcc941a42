package org.openlockbox.gateway.admission;

/// Nobody gets in, and what the client is told; each protocol says it in its own form.
///
/// @param message what happened, and why
/// @param hint the next step
public record Deny(DenyReason reason, String message, String hint) implements AdmissionDecision {
  /// What kind of refusal it is.
  public enum DenyReason {
    /// The client may not.
    NOT_APPROVED,

    /// It is not known now whether the client may.
    CANNOT_CHECK,

    /// There is no room for one more session.
    NO_ROOM,

    /// This gateway is about to stop; another one may let the client in.
    DRAINING,

    /// A limit of the access is spent.
    LIMIT
  }

  public Deny {
    if (hint.isBlank()) {
      throw new IllegalArgumentException("hint: \"" + message + "\" needs one");
    }
  }

  static Deny notApproved(String message, String hint) {
    return new Deny(DenyReason.NOT_APPROVED, message, hint);
  }

  static Deny notWitnessed(String why) {
    return new Deny(
        DenyReason.CANNOT_CHECK,
        "the customer demands that witnesses have seen the approval: " + why,
        "Nothing was opened. Try again in a moment; if it stays so, a witness is down or is not"
            + " reached: tell your platform team.");
  }

  static Deny cannotCheck(String message) {
    return new Deny(
        DenyReason.CANNOT_CHECK,
        message,
        "Nothing was opened. Try again in a moment; if it stays so, tell your platform team.");
  }
}
