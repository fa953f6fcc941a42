package org.openlockbox.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.api.trace.Span;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.operation.OperationFacts;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.gateway.budget.RecordShares;
import org.openlockbox.gateway.controlplane.RecordedText;
import org.openlockbox.gateway.recorder.AccessQueue;
import org.openlockbox.gateway.recorder.PendingEntry;
import org.openlockbox.gateway.trace.RecordTrace;
import org.openlockbox.gateway.trace.SessionTraces;
import org.openlockbox.tlog.tree.Hash;

/// Writes one session's entries, in order, and keeps the rolling hash that its session-close
/// carries: `h = SHA-256(h || SHA-256(body))` over each operation, part and outcome, from
/// `SHA-256(session id)`.
public final class SessionRecord {
  private static final int SALT = 16;

  /// An operation that was recorded.
  ///
  /// @param salt that of its text's commitment
  public record RecordedOperation(long number, Bytes salt) {}

  /// What an operation returned.
  ///
  /// @param status as its protocol says it: SQLSTATE, HTTP status, exit code
  /// @param units rows, objects or files
  /// @param changed how many units it changed, as the service says
  /// @param result commits to the result, if there is any
  public record OperationResult(
      String status, long units, long bytes, long changed, Optional<Commitment> result) {}

  private final AccessQueue queue;
  private final SessionId session;
  private final SecureRandom random;
  private final RecordShares.RecordShare share;
  private final Runnable wake;
  private final SessionTraces traces;
  private final MessageDigest sha256 = Hash.begun();
  private byte[] chain;
  private long operations;
  private long units;
  private long bytes;
  private boolean closed;
  private volatile @Nullable PendingEntry newest;

  public SessionRecord(
      AccessQueue queue,
      RecordShares.RecordShare share,
      SessionId session,
      SecureRandom random,
      Runnable wake,
      SessionTraces traces) {
    this.traces = traces;
    this.queue = queue;
    this.share = share;
    this.session = session;
    this.random = random;
    this.wake = wake;
    this.chain = sha256.digest(session.value().getBytes(UTF_8));
  }

  /// The newest operation's entry: what has arrived from the service by now may be released once it
  /// is durable.
  public @Nullable PendingEntry newest() {
    return newest;
  }

  /// @param whenSettled called when the opening is durable or refused
  PendingEntry open(SessionEvent.Opened opened, Runnable whenSettled) {
    return counted(queue.append(opened, List.of(), whenSettled, Span.current().getSpanContext()));
  }

  /// Records an operation, with its input if it has any, before it is forwarded.
  ///
  /// @param refused why it is not forwarded, in one word
  public RecordedOperation operation(
      String kind, Bytes text, Bytes input, OperationFacts facts, Optional<String> refused) {
    return operation(kind, text, input, facts, refused, wake).operation();
  }

  /// An operation on its way into the log.
  ///
  /// @param entry must be durable before the operation has an effect
  public record QueuedOperation(RecordedOperation operation, PendingEntry entry) {}

  /// The same for a protocol whose operations wait each for itself.
  ///
  /// @param settled called, in place of the session's own wake, when the entry is durable or
  ///   refused
  public QueuedOperation operation(
      String kind,
      Bytes text,
      Bytes input,
      OperationFacts facts,
      Optional<String> refused,
      Runnable settled) {
    RecordedText committed = salted(text);
    Optional<RecordedText> values =
        Optional.of(input).filter(bytes -> !bytes.isEmpty()).map(this::salted);
    List<RecordedText> texts = values.map(v -> List.of(committed, v)).orElse(List.of(committed));
    synchronized (this) {
      long number = operations++;
      var body =
          new SessionEvent.Operation(
              session,
              number,
              committed.commitment(),
              values.map(RecordedText::commitment),
              kind,
              facts,
              refused);
      chain(body);
      RecordTrace trace = traces.begin(number, kind, refused);
      PendingEntry entry =
          counted(queue.append(body, texts, trace.over(settled), trace.operation()));
      newest = entry;
      return new QueuedOperation(new RecordedOperation(number, committed.salt()), entry);
    }
  }

  /// Records a part of what the client sends in a stream, before it is forwarded.
  public synchronized void part(long number, long part, long length, Commitment digest) {
    var body =
        new StreamPart(
            session, number, part, StreamPart.Direction.IN, length, digest, Optional.empty());
    chain(body);
    newest = counted(queue.append(body, List.of(), wake));
  }

  /// Records a part of a stream before it passes; empty if the session has ended and nothing more
  /// is recorded.
  ///
  /// @param settled called when the part is durable or refused
  public synchronized Optional<PendingEntry> streamed(
      long number,
      StreamPart.Direction way,
      long part,
      long length,
      Commitment digest,
      Runnable settled) {
    if (closed) {
      return Optional.empty();
    }
    var body = new StreamPart(session, number, part, way, length, digest, Optional.empty());
    chain(body);
    PendingEntry entry = counted(queue.append(body, List.of(), settled));
    newest = entry;
    return Optional.of(entry);
  }

  /// An entry's weight allows for the outcome or the close that comes after it.
  private PendingEntry counted(PendingEntry entry) {
    share.take(entry.weight());
    return entry;
  }

  private RecordedText salted(Bytes text) {
    byte[] salt = new byte[SALT];
    random.nextBytes(salt);
    return RecordedText.of(Bytes.of(salt), text);
  }

  public synchronized void outcome(long number, OperationResult answered) {
    units += answered.units();
    bytes += answered.bytes();
    var body =
        new SessionEvent.Outcome(
            session,
            number,
            new OutcomeStatus(answered.status()),
            answered.units(),
            answered.bytes(),
            answered.changed(),
            answered.result());
    chain(body);
    queue.appendTrailing(body);
    traces.outcome(number, answered.status(), answered.units(), answered.bytes());
  }

  /// The outcome of an operation whose session has ended, if there is still time for it.
  public synchronized void cutOff(long number, OperationResult answered) {
    if (!closed) {
      outcome(number, answered);
    }
  }

  private void chain(SessionEvent body) {
    if (closed) {
      throw new IllegalStateException("the session's record is closed");
    }
    sha256.update(chain);
    chain = sha256.digest(Bytes.ofUtf8(body.canonical()).sha256().bytes());
  }

  PendingEntry removalFailed(RequestId request, String why) {
    var event = new SessionEvent.RemovalFailed(session, request, why);
    return queue.append(event, List.of(), wake);
  }

  /// Nothing is recorded after this but the close itself.
  synchronized void stop() {
    closed = true;
  }

  synchronized boolean hasStopped() {
    return closed;
  }

  synchronized PendingEntry close(String reason, boolean released) {
    closed = true;
    traces.over();
    var closed =
        new SessionEvent.Closed(
            session, reason, operations, units, bytes, Hash.of(chain), released);
    return queue.append(closed, List.of(), wake);
  }

  /// Whether results wait for an entry that is not durable yet.
  boolean isAwaited() {
    return Optional.ofNullable(newest).filter(entry -> !entry.isDurable()).isPresent();
  }

  boolean isRefused() {
    return Optional.ofNullable(newest).filter(PendingEntry::isRefused).isPresent();
  }

  /// Whether one more opening may be recorded now.
  boolean mayOpen() {
    return queue.hasRoom();
  }

  /// Whether one more operation may be recorded now.
  public boolean hasRoom() {
    return queue.hasRoom() && !isSpent();
  }

  /// Nothing more may be recorded for this access.
  boolean isSpent() {
    return share.isSpent();
  }
}
