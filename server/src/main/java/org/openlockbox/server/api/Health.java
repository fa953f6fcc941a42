package org.openlockbox.server.api;

import java.time.Duration;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.server.database.PromptPool;
import org.openlockbox.server.log.head.SigningState;

/// Whether this server can do its work: the database answers, and what it signs can be remembered.
/// Asks the database at most once a second, whoever asks: anybody may.
public final class Health {
  private static final long FRESH = Duration.ofSeconds(1).toNanos();

  private final PromptPool prompt;
  private final SigningState signing;
  private boolean databaseAnswers;
  private boolean asked;
  private long askedAt;

  public Health(PromptPool prompt, SigningState signing) {
    this.prompt = prompt;
    this.signing = signing;
  }

  /// 200, or 503 with the part that is down.
  ApiReply reply() {
    boolean database = databaseAnswers();
    boolean signs = signing.failure().isEmpty();
    var json =
        Json.object()
            .put("status", word(database && signs))
            .put("database", word(database))
            .put("signing", word(signs))
            .build();
    return database && signs ? ApiReply.ok(json) : ApiReply.of(503, json);
  }

  private static String word(boolean up) {
    return up ? "up" : "down";
  }

  private synchronized boolean databaseAnswers() {
    if (!asked || System.nanoTime() - askedAt >= FRESH) {
      databaseAnswers = prompt.answers();
      asked = true;
      askedAt = System.nanoTime();
    }
    return databaseAnswers;
  }
}
