package org.openlockbox.server.health;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.server.database.PromptPool;
import org.openlockbox.server.log.checkpoint.HeadGuard;
import org.openlockbox.server.log.head.SigningState;

/// Looks whether this server can do its work: the database answers, and what it signs can be
/// remembered. Looks at most once a second, whoever asks: anybody may.
///
/// A database or a disk that hangs keeps nobody who asks: what has not answered within two seconds
/// is down until it does.
public final class Health {
  private static final long FRESH = Duration.ofSeconds(1).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Optional<String> NOT_WRITTEN =
      Optional.of("what was signed could not be written down within two seconds");

  private final PromptPool prompt;
  private final SigningState signing;
  private final HeadGuard guard;
  private HealthLook newest = HealthLook.none();

  public Health(PromptPool prompt, SigningState signing, HeadGuard guard) {
    this.prompt = prompt;
    this.signing = signing;
    this.guard = guard;
  }

  /// How it is: of the database and the disk at most a second ago, or what they have not answered
  /// for longer.
  public ServerCondition condition() {
    var look = look();
    boolean whole = look.isWholeWithin(PATIENCE);
    boolean answered = look.databaseAnswered();
    return new ServerCondition(
        answered,
        signing.failure().or(() -> answered && !whole ? NOT_WRITTEN : Optional.empty()),
        guard.behind());
  }

  private synchronized HealthLook look() {
    if (newest.isOlderThan(FRESH)) {
      // tries the disk: it may have filled up since the last signature
      newest = HealthLook.begin(prompt::answers, () -> guard.canRemember(Set.of()));
    }
    return newest;
  }
}
