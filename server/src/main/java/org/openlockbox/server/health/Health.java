package org.openlockbox.server.health;

import java.time.Duration;
import java.util.Set;
import org.openlockbox.server.database.PromptPool;
import org.openlockbox.server.log.checkpoint.HeadGuard;
import org.openlockbox.server.log.head.SigningState;

/// Looks whether this server can do its work: the database answers, and what it signs can be
/// remembered. Looks at most once a second, whoever asks: anybody may.
public final class Health {
  private static final long FRESH = Duration.ofSeconds(1).toNanos();

  private final PromptPool prompt;
  private final SigningState signing;
  private final HeadGuard guard;
  private boolean databaseAnswers;
  private boolean asked;
  private long askedAt;

  public Health(PromptPool prompt, SigningState signing, HeadGuard guard) {
    this.prompt = prompt;
    this.signing = signing;
    this.guard = guard;
  }

  /// How it is: of the database and the disk at most a second ago.
  public synchronized ServerCondition condition() {
    if (!asked || System.nanoTime() - askedAt >= FRESH) {
      databaseAnswers = prompt.answers();
      guard.canRemember(Set.of()); // tries it: a disk may have filled up since the last signature
      asked = true;
      askedAt = System.nanoTime();
    }
    return new ServerCondition(databaseAnswers, signing.failure(), guard.behind());
  }
}
