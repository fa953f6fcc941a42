package org.openlockbox.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.gateway.controlplane.RecordedText;
import org.openlockbox.gateway.recorder.AccessQueue;
import org.openlockbox.gateway.recorder.PendingEntry;
import org.openlockbox.postgres.relay.CopiedIn;
import org.openlockbox.postgres.relay.Step;
import org.openlockbox.tlog.Hash;

/// Writes one session's entries, in order, and keeps the rolling hash that its session-close
/// carries: `h = SHA-256(h || SHA-256(body))` over each operation, part and outcome, from
/// `SHA-256(session id)`.
public final class SessionRecord {
  private static final int SALT = 16;

  /// What a statement returned.
  ///
  /// @param changed how many rows it changed, as the database says
  /// @param result commits to the rows, if there are any
  public record Answered(
      String sqlState, long rows, long bytes, long changed, Optional<Commitment> result) {
    /// One that the database did not run, because an earlier one of its batch had failed.
    public static final Answered SKIPPED = new Answered(NOT_RUN, 0, 0, 0, Optional.empty());
  }

  /// Of a class that is left to implementations (docs/spec/log-entry.md, "Statuses").
  private static final String NOT_RUN = "LB001";

  private final AccessQueue queue;
  private final SessionId session;
  private final SecureRandom random;
  private final RecordShares.Share share;
  private final Runnable wake;
  private final MessageDigest sha256 = Hash.begun();
  private byte[] chain;
  private long operations;
  private long units;
  private long bytes;
  private boolean closed;
  private volatile @Nullable PendingEntry newest;

  public SessionRecord(
      AccessQueue queue,
      RecordShares.Share share,
      SessionId session,
      SecureRandom random,
      Runnable wake) {
    this.queue = queue;
    this.share = share;
    this.session = session;
    this.random = random;
    this.wake = wake;
    this.chain = sha256.digest(session.value().getBytes(UTF_8));
  }

  /// The newest operation's entry: what has arrived from the database by now may be released once
  /// it is durable.
  public @Nullable PendingEntry newest() {
    return newest;
  }

  /// @param whenSettled called when the opening is durable or refused
  PendingEntry open(SessionEvent.Opened opened, Runnable whenSettled) {
    return counted(queue.append(opened, List.of(), whenSettled));
  }

  /// Records an operation, with the values of its parameters if it has any, before it is forwarded.
  ///
  /// @param refused why it is not forwarded, in one word
  public synchronized Step.Recorded operation(
      String kind, Bytes sql, Bytes parameters, SqlFacts facts, Optional<String> refused) {
    RecordedText text = salted(sql);
    Optional<RecordedText> values =
        Optional.of(parameters).filter(bytes -> !bytes.isEmpty()).map(this::salted);
    long number = operations++;
    var body =
        new SessionEvent.Operation(
            session,
            number,
            text.commitment(),
            values.map(RecordedText::commitment),
            kind,
            facts,
            refused);
    chain(body);
    List<RecordedText> texts = values.map(v -> List.of(text, v)).orElse(List.of(text));
    newest = counted(queue.append(body, texts, wake));
    return new Step.Recorded(number, text.salt());
  }

  /// Records a part of what a COPY brings, before it is forwarded.
  public synchronized void part(CopiedIn.Part part) {
    var body =
        new StreamPart(
            session,
            part.number(),
            part.part(),
            StreamPart.Direction.IN,
            part.bytes(),
            part.digest(),
            Optional.empty());
    chain(body);
    newest = counted(queue.append(body, List.of(), wake));
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

  public synchronized void outcome(long number, Answered answered) {
    units += answered.rows();
    bytes += answered.bytes();
    var body =
        new SessionEvent.Outcome(
            session,
            number,
            new OutcomeStatus(answered.sqlState()),
            answered.rows(),
            answered.bytes(),
            answered.changed(),
            answered.result());
    chain(body);
    queue.appendTrailing(body);
  }

  /// The outcome of a statement whose session has ended, if there is still time for it.
  public synchronized void cutOff(long number, Answered answered) {
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

  /// Whether one more statement may be recorded now.
  public boolean hasRoom() {
    return queue.hasRoom() && !isSpent();
  }

  /// Nothing more may be recorded for this access.
  boolean isSpent() {
    return share.isSpent();
  }
}
