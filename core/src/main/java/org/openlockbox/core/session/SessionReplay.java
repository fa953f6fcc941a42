package org.openlockbox.core.session;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest.Approved;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.history.ConnectCheck;
import org.openlockbox.core.history.VerifiedRequest;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.limits.SoftEnd;
import org.openlockbox.core.log.GatewayRun;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.log.ProvenEntry;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.log.Unproven;
import org.openlockbox.core.signing.VerifyingKey;

/// Follows the sessions of one request through the proven entries: each opened under a decision in
/// force, by a gateway with a certificate of the gateway authority, with a connect statement of the
/// engineer; each operation inside an open session, none missing; each closing with true totals.
public final class SessionReplay {
  /// How late an entry's time may be: access ends within one second, and the entry is stamped when
  /// the log takes it.
  static final Duration LATE = Duration.ofSeconds(1);

  private final RequestId request;
  private final Map<SessionId, SessionTrack> tracks = new HashMap<>();
  private final Map<GatewayRun, Long> counters = new HashMap<>();

  private long units;
  private long bytes;

  public SessionReplay(RequestId request) {
    this.request = request;
  }

  public void take(ProvenEntry proven, SessionEvent event, Optional<VerifiedRequest> standing) {
    proven.entry().gateway().ifPresent(stamp -> count(proven, stamp));
    if (event instanceof SessionEvent.Opened opened) {
      open(proven, opened, standing);
      return;
    }
    var track = tracks.get(event.of());
    if (track == null) {
      throw Unproven.at(
          proven.seq(), "%s of a session that was not opened".formatted(event.type().word()));
    }
    proven.entry().gateway().ifPresent(stamp -> track.requireSameRun(proven, stamp));
    switch (event) {
      case SessionEvent.Opened _ -> throw new IllegalStateException("handled above");
      case SessionEvent.Operation operation -> track.take(proven, operation);
      case StreamPart part -> track.take(proven, part);
      case SessionEvent.Outcome outcome -> {
        track.take(proven, outcome);
        units = SessionTrack.plus(units, outcome.units());
        bytes = SessionTrack.plus(bytes, outcome.bytes());
        requireWithinBudget(proven, standing);
      }
      case SessionEvent.Closed closed -> {
        requireNotRevoked(proven, track.key());
        requireSigned(proven, closed, track.key());
        track.take(proven, closed);
      }
      case SessionEvent.Lost _ -> track.lost(proven);
      case SessionEvent.RemovalFailed failed -> requireOurs(proven, failed.about());
    }
  }

  private void count(ProvenEntry proven, GatewayStamp stamp) {
    var before = counters.put(stamp.run(), stamp.seq());
    if (before != null && before >= stamp.seq()) {
      throw Unproven.at(proven.seq(), "the gateway's counter does not go up");
    }
  }

  private void open(
      ProvenEntry proven, SessionEvent.Opened opened, Optional<VerifiedRequest> standing) {
    requireOurs(proven, opened.about());
    var key = certified(proven, opened);
    requireSigned(proven, opened, key);
    if (!(standing.map(VerifiedRequest::state).orElse(null) instanceof Approved approved)) {
      throw Unproven.at(proven.seq(), "a session was opened without a decision in force");
    }
    requireInForce(proven, approved);
    requireFree(proven, approved);
    requireFitting(proven, opened, approved);
    if (tracks.put(opened.of(), new SessionTrack(opened, stamp(proven), key)) != null) {
      throw Unproven.at(proven.seq(), "the session was opened twice");
    }
  }

  private static void requireInForce(ProvenEntry proven, Approved approved) {
    var at = proven.entry().time();
    var ended = ended(approved.grant());
    if (ended.filter(end -> at.isAfter(end.plus(LATE))).isPresent()) {
      throw Unproven.at(proven.seq(), "a session was opened after the grant had ended");
    }
    var terms = approved.grant().terms();
    if (!within(terms.window(), at)) {
      throw Unproven.at(proven.seq(), "a session was opened outside the granted time");
    }
    var hours = terms.limits().hours();
    if (!hours.isOpenAt(at) && !hours.isOpenAt(at.minus(LATE))) {
      throw Unproven.at(proven.seq(), "a session was opened outside the granted hours");
    }
  }

  private void requireFree(ProvenEntry proven, Approved approved) {
    var most = approved.grant().terms().limits().sessions().sessions();
    if (tracks.values().stream().filter(SessionTrack::isOpen).count() >= most) {
      throw Unproven.at(proven.seq(), "more sessions at once than the approvers allowed");
    }
  }

  private static Optional<Instant> ended(Grant grant) {
    return switch (grant) {
      case Grant.Active _ -> Optional.empty();
      case Grant.Ended end -> Optional.of(end.endedAt());
      case Grant.RemovalFailed failed -> Optional.of(failed.ended().endedAt());
    };
  }

  /// Words for an entry that was logged after access had ended; empty for any other. A record that
  /// waited for the log, or the outcome of an operation that was cut off, may come late; an
  /// operation that ran late is what a customer looks for. An outcome may come as late as a soft
  /// end allows.
  public static String late(
      ProvenEntry proven, SessionEvent event, Optional<VerifiedRequest> standing) {
    if (!(standing.map(VerifiedRequest::state).orElse(null) instanceof Approved approved)) {
      return "";
    }
    var at = proven.entry().time();
    var terms = approved.grant().terms();
    var soft = event instanceof SessionEvent.Outcome ? terms.limits().softEnd() : SoftEnd.NONE;
    var notAfter = terms.window().notAfter().plus(soft.grace());
    var end =
        approved.grant() instanceof Grant.Expired
            ? notAfter
            : ended(approved.grant()).filter(notAfter::isAfter).orElse(notAfter);
    return at.isAfter(end.plus(LATE))
        ? "; LOGGED %d s AFTER THE ACCESS HAD ENDED"
            .formatted(Duration.between(end, at).toSeconds())
        : "";
  }

  private static boolean within(Window window, Instant at) {
    return !at.isBefore(window.notBefore()) && window.isOpenAt(at.minus(LATE));
  }

  private static void requireFitting(
      ProvenEntry proven, SessionEvent.Opened opened, Approved approved) {
    var submission = approved.submission();
    var terms = approved.grant().terms();
    if (!opened.engineer().equals(submission.engineer().id())
        || !opened.resource().equals(submission.terms().resource())) {
      throw Unproven.at(proven.seq(), "a session of another engineer or on another resource");
    }
    if (opened.level().isWiderThan(terms.level())
        || opened.expires().isAfter(terms.window().notAfter())) {
      throw Unproven.at(proven.seq(), "a session with more than the approvers allowed");
    }
    try {
      var connect = ConnectCheck.parse(opened.connect());
      if (connect.credential().protocol() != opened.protocol()) {
        throw Unproven.at(proven.seq(), "the connect statement is for another protocol");
      }
      var misfit = ConnectCheck.misfit(submission, terms, opened.connect(), connect);
      if (misfit.isPresent()) {
        throw Unproven.at(proven.seq(), misfit.get());
      }
      if (!within(connect.window(), proven.entry().time())) {
        throw Unproven.at(proven.seq(), "the connect statement was not in force");
      }
    } catch (MalformedJson e) {
      throw Unproven.read("entry " + proven.seq(), e);
    }
  }

  /// All sessions of a grant share its budgets.
  private void requireWithinBudget(ProvenEntry proven, Optional<VerifiedRequest> standing) {
    if (standing.map(VerifiedRequest::state).orElse(null) instanceof Approved approved) {
      var limits = approved.grant().terms().limits();
      if (units > limits.rowBudget().rows()) {
        throw Unproven.at(proven.seq(), "more rows than the approvers allowed");
      }
      if (bytes > limits.byteBudget().bytes()) {
        throw Unproven.at(proven.seq(), "more bytes than the approvers allowed");
      }
    }
  }

  private void requireOurs(ProvenEntry proven, RequestId about) {
    if (!about.equals(request)) {
      throw Unproven.at(proven.seq(), "a session of another request: " + about);
    }
  }

  private static GatewayStamp stamp(ProvenEntry proven) {
    return proven.entry().gateway().orElseThrow();
  }

  /// The key of the certificate that the gateway shows.
  private static VerifyingKey certified(ProvenEntry proven, SessionEvent.Opened opened) {
    try {
      var gateway = stamp(proven).id();
      var at = proven.entry().time();
      var misfit = proven.keyring().misfit(opened.certificate(), gateway, opened.resource(), at);
      if (misfit.isPresent()) {
        throw Unproven.at(proven.seq(), misfit.get());
      }
      return GatewayCertificate.parse(opened.certificate()).key();
    } catch (MalformedJson e) {
      throw Unproven.read("entry " + proven.seq(), e);
    }
  }

  private static void requireNotRevoked(ProvenEntry proven, VerifyingKey key) {
    if (proven.keyring().gateways().revoked().contains(key.keyId())) {
      throw Unproven.at(proven.seq(), "closed with a gateway's key that was revoked");
    }
  }

  private static void requireSigned(ProvenEntry proven, SessionEvent event, VerifyingKey key) {
    if (!stamp(proven).isSignedBy(key, proven.keyring().genesis().tenant(), event)) {
      throw Unproven.at(proven.seq(), "not signed with the key that the gateway was certified for");
    }
  }

  public long operations() {
    return tracks.values().stream().mapToLong(SessionTrack::operations).sum();
  }

  /// What the session's outcomes count, as people call one of them.
  public String unit(SessionId session) {
    var track = tracks.get(session);
    return track == null ? "unit" : track.protocol().unit();
  }

  /// Sessions without a signed close.
  public long unclosed() {
    return tracks.values().stream().filter(track -> !track.isClosed()).count();
  }

  /// How many operations of a session have no outcome, for people; empty if none.
  public String unknownOutcomes(SessionId session) {
    var track = tracks.get(session);
    return track == null || track.withoutOutcome() == 0
        ? ""
        : ", %d outcomes unknown".formatted(track.withoutOutcome());
  }

  /// Whether the gateway signed the close of the session with this id.
  public boolean isClosed(SessionId session) {
    var track = tracks.get(session);
    return track != null && track.isClosed();
  }
}
