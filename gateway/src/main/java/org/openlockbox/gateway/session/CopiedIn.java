package org.openlockbox.gateway.session;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.gateway.postgres.MessageBuffer;
import org.openlockbox.tlog.Hash;

/// What one `COPY ... FROM STDIN` has brought so far, as it is put on record: how many bytes of
/// data, and the SHA-256 of all of them from the first one on. Said when [#CHUNK] more have come
/// and at the end, which the database is told of only when that record is durable: data of a COPY
/// that ends without it is never committed.
final class CopiedIn {
  static final int CHUNK = 1024 * 1024;

  private final MessageDigest sha256 = Hash.begun();
  private long bytes;
  private long said;

  /// Takes the current message, which is data, into account.
  ///
  /// @return what is to be put on record now, if a chunk is full
  Optional<Bytes> add(MessageBuffer buffer) {
    buffer.digestBody(sha256);
    bytes += buffer.length() - 4;
    if (bytes - said < CHUNK) {
      return Optional.empty();
    }
    said = bytes;
    return Optional.of(summary(" so far"));
  }

  /// What is to be put on record at the end.
  Bytes done() {
    return summary("");
  }

  private Bytes summary(String when) {
    try {
      byte[] digest = ((MessageDigest) sha256.clone()).digest();
      return Bytes.ofUtf8(
          "copied %d bytes%s, sha256 %s".formatted(bytes, when, HexFormat.of().formatHex(digest)));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
    }
  }
}
