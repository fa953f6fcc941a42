package org.openlockbox.server.notify.message;

import java.util.Arrays;
import java.util.Locale;

/// What notices are about, as contacts and webhooks choose among them.
public enum Topic {
  REQUESTS,
  DECISIONS,
  SESSIONS,
  ENDINGS,
  KEYRING,
  RECORDS,
  DIGEST;

  public static Topic parse(String word) {
    return Arrays.stream(values())
        .filter(topic -> topic.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not a topic: " + word));
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
