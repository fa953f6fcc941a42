package org.openlockbox.core.access;

import org.openlockbox.core.canonical.EnumWords;

/// The one word for where a request and its grant stand, as lists and filters show it.
public enum RequestState {
  PENDING("pending"),
  APPROVED("approved"),
  DENIED("denied"),
  WITHDRAWN("withdrawn"),
  LAPSED("lapsed"),
  COMPLETED("completed"),
  EXPIRED("expired"),
  REVOKED("revoked"),
  REMOVAL_FAILED("removalFailed");

  private final String word;

  RequestState(String word) {
    this.word = word;
  }

  public static RequestState parse(String word) {
    return EnumWords.parse(values(), RequestState::word, word, "state");
  }

  public String word() {
    return word;
  }
}
