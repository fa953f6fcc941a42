package org.openlockbox.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.evidence.SessionEvent;
import org.openlockbox.core.evidence.StatementFacts;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.RecordedText;
import org.openlockbox.gateway.recorder.PendingEntry;
import org.openlockbox.gateway.recorder.Recorder;
import org.openlockbox.tlog.Hash;

/// Writes one session's entries, in order, and keeps the rolling hash that its session-close
/// carries: `h = SHA-256(h || SHA-256(body))` over each statement and outcome, from
/// `SHA-256(session id)`.
///
/// Bodies are canonical JSON built by hand, because this runs once per statement; a test compares
/// them with [CanonicalJson].
final class SessionRecord {
  private static final int SALT = 16;

  private final Recorder recorder;
  private final TenantId tenant;
  private final SessionId session;
  private final SecureRandom random;
  private final Runnable wake;
  private final MessageDigest sha256;
  private byte[] chain;
  private long statements;
  private long rows;
  private long bytes;
  private boolean closed;
  private volatile @Nullable PendingEntry newest;

  SessionRecord(
      Recorder recorder, TenantId tenant, SessionId session, SecureRandom random, Runnable wake) {
    this.recorder = recorder;
    this.tenant = tenant;
    this.session = session;
    this.random = random;
    this.wake = wake;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
    this.chain = sha256.digest(session.value().getBytes(UTF_8));
  }

  /// The newest statement's entry: what has arrived from the database by now may be released once
  /// it is durable.
  @Nullable PendingEntry newest() {
    return newest;
  }

  /// @param whenSettled called when the opening is durable or refused
  PendingEntry open(SessionEvent.Opened opened, Runnable whenSettled) {
    return recorder.appendSigned(tenant, opened, whenSettled);
  }

  /// Records a statement, with the values of its parameters if it has any, before it is forwarded;
  /// answers its number.
  synchronized long statement(String kind, Bytes sql, Bytes parameters, StatementFacts facts) {
    RecordedText text = salted(sql);
    Optional<RecordedText> values =
        Optional.of(parameters).filter(bytes -> !bytes.isEmpty()).map(this::salted);
    long number = statements++;
    Bytes body =
        StatementBody.of(
            session, number, kind, text.commitment(), values.map(RecordedText::commitment), facts);
    chain(body);
    List<RecordedText> texts = values.map(v -> List.of(text, v)).orElse(List.of(text));
    newest = recorder.append(tenant, "statement", body, texts, wake);
    return number;
  }

  private RecordedText salted(Bytes text) {
    byte[] salt = new byte[SALT];
    random.nextBytes(salt);
    return RecordedText.of(Bytes.of(salt), text);
  }

  synchronized void outcome(long number, String tag, long ofRows, long ofBytes, String sqlState) {
    rows += ofRows;
    bytes += ofBytes;
    String state = sqlState.isEmpty() ? "" : "\"sqlstate\":\"" + sqlState + "\",";
    Bytes body =
        Bytes.ofUtf8(
            "{\"bytes\":"
                + ofBytes
                + ",\"n\":"
                + number
                + ",\"rows\":"
                + ofRows
                + ",\"session\":\""
                + session.value()
                + "\","
                + state
                + "\"tag\":\""
                + tag.replaceAll("[^A-Za-z0-9 ;_-]", "?")
                + "\"}");
    chain(body);
    recorder.appendTrailing(tenant, "outcome", body);
  }

  private void chain(Bytes body) {
    if (closed) {
      throw new IllegalStateException("the session's record is closed");
    }
    sha256.update(chain);
    chain = sha256.digest(body.sha256().bytes());
  }

  PendingEntry removalFailed(RequestId request, String why) {
    var event = new SessionEvent.RemovalFailed(session, request, why);
    Bytes body = Bytes.of(CanonicalJson.bytes(event.toJson()));
    return recorder.append(tenant, event.type().word(), body, List.of(), wake);
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
    return recorder.appendSigned(
        tenant,
        new SessionEvent.Closed(session, reason, statements, rows, bytes, Hash.of(chain), released),
        wake);
  }

  boolean hasRoom() {
    return recorder.hasRoom();
  }
}
