package org.openlockbox.server.identity.oidc;

/// Why somebody who came back from an issuer is not let in, as they are told.
public enum SignInRefusal {
  /// Not this browser's sign-in, too old, used already, or what the issuer sent does not hold.
  BROKEN("broken"),
  /// The issuer, or the person there, said no.
  REFUSED("refused"),
  /// The issuer does not answer.
  SILENT("silent"),
  /// The issuer names no address that is verified and of its domains.
  NO_ADDRESS("noaddress"),
  /// The issuer gives them no role here.
  NO_ROLE("norole"),
  /// Nobody has added them here, and the issuer gives no roles.
  UNKNOWN("unknown"),
  /// Their address, or the id it would give, is somebody else's here.
  ANOTHER("another"),
  /// They were removed here.
  REMOVED("removed");

  private final String word;

  SignInRefusal(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }
}
