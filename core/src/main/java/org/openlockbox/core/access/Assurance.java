package org.openlockbox.core.access;

import java.util.Arrays;

/// How much can be promised for a resource, from most to least. It stands in the request and in
/// what approvers sign, so that nobody signs for more than there is.
public enum Assurance {
  /// A gateway of OpenLockbox enforces the level, records each operation before its result is
  /// shown, and cuts access within a second.
  GATED(
      "gated",
      "every operation is recorded before its result is shown, the level is enforced, and access"
          + " is cut within a second"),
  /// A service asks at the start of each request. What runs, runs on.
  CHECKED(
      "checked",
      "the service asks before each request; what is running when you stop access goes on to its"
          + " end"),
  /// Access is handed out and taken back in another system.
  GRANTED(
      "granted",
      "access is handed out and taken back in another system; what was done there is in that"
          + " system's own log");

  private final String word;
  private final String promise;

  Assurance(String word, String promise) {
    this.word = word;
    this.promise = promise;
  }

  /// The word in documents.
  public String word() {
    return word;
  }

  /// What it means, in a sentence for approvers.
  public String promise() {
    return promise;
  }

  /// The assurance with this word; throws [IllegalArgumentException] if there is none.
  public static Assurance parse(String word) {
    return Arrays.stream(values())
        .filter(each -> each.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not an assurance: " + word));
  }
}
