package org.openlockbox.http.exchange;

import java.io.IOException;
import java.security.MessageDigest;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.gateway.recorder.PendingEntry;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.tlog.tree.Hash;

/// One direction of a stream, on record part by part: each is durable before it passes. A crash
/// leaves at most a part on record that did not pass.
final class StreamRecord {
  private final SessionRecord record;
  private final SessionRecord.RecordedOperation operation;
  private final StreamPart.Direction way;
  private final MessageDigest sha256 = Hash.begun();
  private long parts;

  StreamRecord(
      SessionRecord record, SessionRecord.RecordedOperation operation, StreamPart.Direction way) {
    this.record = record;
    this.operation = operation;
    this.way = way;
    sha256.update(operation.salt().toArray());
  }

  /// Records the next part. It may pass once what this returns is durable, for which the calling
  /// thread waits.
  RecordedExchange part(byte[] bytes, int length) throws IOException {
    sha256.update(bytes, 0, length);
    PendingEntry part =
        record
            .streamed(
                operation.number(), way, parts, length, committed(), RecordedExchange.wakesCaller())
            .orElseThrow(SessionGate.AccessEnded::new);
    parts++;
    return new RecordedExchange(operation, part);
  }

  /// Commits to all parts so far.
  Commitment committed() {
    try {
      return new Commitment(Hash.of(((MessageDigest) sha256.clone()).digest()));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
    }
  }
}
