package org.openlockbox.client.session;

import org.openlockbox.core.canonical.Bytes;

/// Whether an answer may leave the application.
public sealed interface ReleaseResult {
  /// It may, now.
  record ReleasedAnswer(Bytes answer) implements ReleaseResult {
    /// Without the answer: it is the customer's.
    @Override
    public String toString() {
      return "an answer of %d bytes".formatted(answer.size());
    }
  }

  /// It stays where it is.
  record WithheldAnswer(AccessRefusal why) implements ReleaseResult {}
}
