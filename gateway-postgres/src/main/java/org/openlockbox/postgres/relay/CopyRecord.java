package org.openlockbox.postgres.relay;

import java.security.MessageDigest;
import java.util.Optional;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.postgres.wire.MessageBuffer;
import org.openlockbox.tlog.tree.Hash;

/// What the COPYs of one operation have brought so far, in the parts in which it is put on record:
/// how many bytes each has, and a commitment to all of them from the first one on. A part ends when
/// [#CHUNK] more have come and at the end, of which the database is told only when that record is
/// durable: data of a COPY that ends without it is never committed.
final class CopyRecord {
  static final int CHUNK = 1024 * 1024;

  /// One part: its place among those of its operation, its bytes, and what it commits to.
  public record CopyPart(long number, long part, long bytes, Commitment digest) {}

  private final MessageDigest sha256 = Hash.begun();
  private final long number;
  private long parts;
  private long bytes;

  CopyRecord(SessionRecord.RecordedOperation operation) {
    number = operation.number();
    sha256.update(operation.salt().toArray());
  }

  boolean isOf(SessionRecord.RecordedOperation operation) {
    return operation.number() == number;
  }

  /// Takes the current message, which is data, into account.
  ///
  /// @return what is to be put on record now, if a part is full
  Optional<CopyPart> add(MessageBuffer buffer) {
    buffer.digestBody(sha256);
    bytes += buffer.length() - 4;
    return bytes < CHUNK ? Optional.empty() : Optional.of(part());
  }

  /// What is to be put on record at the end, if it is not on record yet.
  Optional<CopyPart> done() {
    return bytes == 0 ? Optional.empty() : Optional.of(part());
  }

  private CopyPart part() {
    try {
      var digest = Hash.of(((MessageDigest) sha256.clone()).digest());
      var part = new CopyPart(number, parts++, bytes, new Commitment(digest));
      bytes = 0;
      return part;
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
    }
  }
}
