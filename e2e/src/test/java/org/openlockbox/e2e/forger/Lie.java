package org.openlockbox.e2e.forger;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.bundle.Bundle;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.history.History;
import org.openlockbox.core.history.HistoryCheck;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.MemoryLog;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.InclusionProof;
import org.openlockbox.tlog.tree.JointProof;

/// A history that a forger tells, with true proofs under a checkpoint signed by the keys that the
/// forger has: only what it says is false.
///
/// @param checkpoint what is served as the newest one
record Lie(MemoryLog log, String checkpoint, RequestId about, Map<Commitment, OpenedText> texts) {

  /// What is wrong with it by the check that a gateway makes before it lets an engineer in; empty
  /// if the gateway would let them in, or if there is no grant to let them in by.
  Optional<String> refusedByAGateway(Hash pin, TenantId tenant) {
    var authority =
        seqs(
                false,
                body ->
                    body instanceof KeyringEvent
                        || body instanceof TicketEvent
                        || body instanceof RecoveryEvent
                        || (body instanceof RequestEvent event && event.about().equals(about)))
            .stream()
            .map(log::proven)
            .toList();
    return History.check(Optional.of(pin), tenant, about, authority, checkpoint)
            instanceof HistoryCheck.Invalid(var where, var why)
        ? Optional.of(where + ": " + why)
        : Optional.empty();
  }

  /// The bundle that the forger hands out as evidence about the request.
  Bytes bundle() {
    var sessions =
        seqs(
                false,
                body -> body instanceof SessionEvent.Opened opened && opened.about().equals(about))
            .stream()
            .map(seq -> ((SessionEvent) LogEntry.parse(log.entry(seq)).body()).of())
            .toList();
    var shown = seqs(true, body -> isShown(body, sessions));
    var proofs =
        shown.stream()
            .map(seq -> new InclusionProof(seq, log.size(), log.proven(seq).proof()))
            .toList();
    var entries = shown.stream().map(log::entry).toList();
    return new Bundle(about, entries, JointProof.of(log.size(), proofs).hashes(), checkpoint, texts)
        .bytes();
  }

  private boolean isShown(EntryBody body, List<SessionId> sessions) {
    return switch (body) {
      case KeyringEvent _, TicketEvent _, RecoveryEvent _ -> true;
      case RequestEvent event -> event.about().equals(about);
      case SessionEvent event -> sessions.contains(event.of());
      case ErasedEvent _ -> false;
    };
  }

  /// The indexes of the entries of this kind, and perhaps of those of no kind that there is.
  private List<Long> seqs(boolean unknownToo, Predicate<EntryBody> wanted) {
    return LongStream.range(0, log.size())
        .filter(
            seq -> {
              try {
                return wanted.test(LogEntry.parse(log.entry(seq)).body());
              } catch (MalformedJson unknown) {
                return unknownToo;
              }
            })
        .boxed()
        .toList();
  }
}
