package org.openlockbox.server.health;

import java.util.Optional;
import java.util.Set;

/// What a server needs for its work, as of the last second.
///
/// @param cannotSign why nothing can be signed, while that is so
/// @param setBack logs that do not continue what this server signed of them
public record ServerCondition(
    boolean databaseAnswers, Optional<String> cannotSign, Set<String> setBack) {
  /// One log may be damaged while all others go on. More are a database that was set back.
  private static final int ONE = 1;

  public ServerCondition {
    setBack = Set.copyOf(setBack);
  }

  /// Why this server should be given no work, as far as it is about signing.
  public Optional<String> refusesToSign() {
    return cannotSign.or(
        () ->
            setBack.size() > ONE
                ? Optional.of(
                    "%d logs do not continue what was signed: the database was set back"
                        .formatted(setBack.size()))
                : Optional.empty());
  }

  /// Whether calls should be sent to this server.
  public boolean isReady() {
    return databaseAnswers && refusesToSign().isEmpty();
  }
}
