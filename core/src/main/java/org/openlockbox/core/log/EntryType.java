package org.openlockbox.core.log;

/// The kinds of entry that a tenant log can hold. The list is closed: an unknown type makes
/// verification fail, because relabelling an entry is the cheapest way to make it disappear.
public enum EntryType {
  GENESIS("genesis"),
  KEY_ADD("key-add"),
  KEY_REMOVE("key-remove"),
  SETTINGS("settings"),
  POLICY("policy"),
  GATEWAY_AUTHORITY_OBJECT("gateway-authority-object"),
  GATEWAY_AUTHORITY("gateway-authority"),
  GATEWAY_REVOKE("gateway-revoke"),
  LOG_KEYS("log-keys"),
  TICKET("ticket"),
  REQUEST("request"),
  REVIEW("review"),
  AUTO("auto"),
  DECISION("decision"),
  REVOKE("revoke"),
  WITHDRAW("withdraw"),
  LAPSE("lapse"),
  END("end"),
  SESSION_OPEN("session-open"),
  OPERATION("operation"),
  PART("part"),
  OUTCOME("outcome"),
  SESSION_CLOSE("session-close"),
  SESSION_LOST("session-lost"),
  REMOVAL_FAILED("removal-failed"),
  RECOVERY("recovery"),
  ERASED("erased");

  private final String word;

  EntryType(String word) {
    this.word = word;
  }

  public static EntryType parse(String word) {
    for (var type : values()) {
      if (type.word.equals(word)) {
        return type;
      }
    }
    throw new IllegalArgumentException("no such entry type: " + word);
  }

  public String word() {
    return word;
  }

  /// Whether a gateway writes it, with its counter.
  public boolean isFromGateway() {
    return switch (this) {
      case SESSION_OPEN, OPERATION, PART, OUTCOME, SESSION_CLOSE, REMOVAL_FAILED -> true;
      case GENESIS,
          KEY_ADD,
          KEY_REMOVE,
          SETTINGS,
          POLICY,
          GATEWAY_AUTHORITY_OBJECT,
          GATEWAY_AUTHORITY,
          GATEWAY_REVOKE,
          LOG_KEYS,
          TICKET,
          REQUEST,
          REVIEW,
          AUTO,
          DECISION,
          REVOKE,
          WITHDRAW,
          LAPSE,
          END,
          SESSION_LOST,
          RECOVERY,
          ERASED ->
          false;
    };
  }

  /// Whether a gateway signs it.
  public boolean isSignedByGateway() {
    return this == SESSION_OPEN || this == SESSION_CLOSE;
  }
}
