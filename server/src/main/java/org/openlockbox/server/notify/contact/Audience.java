package org.openlockbox.server.notify.contact;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.openlockbox.server.notify.message.Topic;

/// Which of a tenant's contacts one is. Approvers are told of every request; the backup group only
/// when half of the time to answer is over, administrators when three quarters are.
public enum Audience {
  APPROVERS,
  BACKUP,
  ADMINS,
  AUDITORS;

  static Audience parse(String word) {
    return Arrays.stream(values())
        .filter(audience -> audience.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not an audience: " + word));
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// What it is told of, unless the contact chose.
  public Set<Topic> usualTopics() {
    return switch (this) {
      case APPROVERS ->
          Set.of(Topic.REQUESTS, Topic.DECISIONS, Topic.ENDINGS, Topic.KEYRING, Topic.RECORDS);
      case BACKUP -> Set.of();
      case ADMINS -> Set.of(Topic.KEYRING);
      case AUDITORS -> Set.of(Topic.RECORDS);
    };
  }
}
