package org.openlockbox.server.notify.message;

import java.util.Arrays;
import java.util.List;
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

  /// Those that programs can choose: a digest is for people who read one mail a day.
  public static List<Topic> ofWebhooks() {
    return Arrays.stream(values()).filter(topic -> topic != DIGEST).toList();
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
