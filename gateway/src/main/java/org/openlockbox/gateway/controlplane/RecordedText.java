package org.openlockbox.gateway.controlplane;

import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.statement.Commitment;

/// A text that an entry only commits to: SHA-256 over salt and text. It is kept beside the log, so
/// that it can be erased without breaking the log.
public record RecordedText(Commitment commitment, Bytes salt, Bytes text) {
  /// Commits to a text with a fresh 16-byte salt.
  public static RecordedText of(Bytes salt, Bytes text) {
    return new RecordedText(Commitment.to(salt, text), salt, text);
  }
}
