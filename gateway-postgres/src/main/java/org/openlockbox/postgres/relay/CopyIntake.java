package org.openlockbox.postgres.relay;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.postgres.batch.BatchStep;
import org.openlockbox.postgres.wire.ClientMessage;
import org.openlockbox.postgres.wire.MessageBuffer;
import org.openlockbox.postgres.wire.WireViolation;

/// What the client sends while it copies in ([CopyPhase#IN]): its data is put on record in parts,
/// each before it goes on, and the rest before its end does.
final class CopyIntake {
  private final SessionContext talk;
  private final LongSupplier nanoTime;
  private @Nullable CopyRecord copied;

  CopyIntake(SessionContext talk, LongSupplier nanoTime) {
    this.talk = talk;
    this.nanoTime = nanoTime;
  }

  /// Takes the current message; false if it is dropped, as the server ignores it while it copies.
  boolean take(ClientMessage message, MessageBuffer buffer) {
    CopyRecord now = copiedNow();
    return switch (message) {
      case ClientMessage.CopyData() -> {
        record(now.add(buffer));
        yield true;
      }
      case ClientMessage.CopyDone() -> {
        record(now.done());
        talk.copyEnded();
        yield true;
      }
      case ClientMessage.CopyFail() -> {
        talk.copyEnded();
        yield true;
      }
      case ClientMessage.Flush(), ClientMessage.Sync() -> false;
      case ClientMessage.Query _,
          ClientMessage.Parse _,
          ClientMessage.Bind _,
          ClientMessage.Execute _,
          ClientMessage.Describe _,
          ClientMessage.Close _,
          ClientMessage.FunctionCall _,
          ClientMessage.Terminate _ ->
          throw new WireViolation("another message than copy data while copying");
    };
  }

  /// What came so far for the operation that copies.
  private CopyRecord copiedNow() {
    var operation =
        talk.statements()
            .current()
            .flatMap(BatchStep::recorded)
            .orElseThrow(() -> new WireViolation("copy data that belongs to no statement"));
    CopyRecord before = copied;
    CopyRecord now = before != null && before.isOf(operation) ? before : new CopyRecord(operation);
    copied = now;
    return now;
  }

  private void record(Optional<CopyRecord.CopyPart> part) {
    part.ifPresent(
        full -> {
          talk.activity().acted(nanoTime.getAsLong());
          talk.record().part(full.number(), full.part(), full.bytes(), full.digest());
        });
  }
}
