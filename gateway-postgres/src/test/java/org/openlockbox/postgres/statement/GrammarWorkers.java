package org.openlockbox.postgres.statement;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.openlockbox.postgres.testing.GrammarProgram;

/// Real workers for tests.
final class GrammarWorkers {
  private GrammarWorkers() {}

  static Workers start(int count) {
    return start(count, Duration.ofSeconds(5));
  }

  static Workers start(int count, Duration limit) {
    try {
      return Workers.start(GrammarProgram.path(), count, limit, System::nanoTime);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
