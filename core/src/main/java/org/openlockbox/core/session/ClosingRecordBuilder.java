package org.openlockbox.core.session;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.limits.Limit;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.subject.SubjectId;

/// Makes the [ClosingRecord] of one request from its entries, given one after another in log order;
/// entries of other requests must not be given. Needs memory for sessions and table names, not for
/// operations. Checks nothing: that the entries hold is for [BundleCheck] to say.
public final class ClosingRecordBuilder {
  private final Function<Commitment, Optional<OpenedText>> texts;
  private final List<ClosingRecord.RecordedDecision> decisions = new ArrayList<>();
  private final Map<SessionId, Track> tracks = new LinkedHashMap<>();
  private final Map<String, ClosingRecord.Objects.TableUse> tables = new TreeMap<>();
  private final List<String> leftovers = new ArrayList<>();
  private @Nullable Submission submission;
  private @Nullable String reason;
  private ClosingRecord.@Nullable RequestEnd end;
  private @Nullable Instant first;
  private @Nullable Instant last;
  private long index;
  private long unlisted;
  private long unread;

  /// `texts` finds what opens a commitment, where it is to be had.
  public ClosingRecordBuilder(Function<Commitment, Optional<OpenedText>> texts) {
    this.texts = texts;
  }

  /// A session as far as its entries were seen.
  private static final class Track {
    private final LogEntry entry;
    private final SessionEvent.Opened opened;
    private final BitSet answered = new BitSet();
    private @Nullable Instant ended;
    private String how = "";
    private String reason = "";
    private long operations;
    private long failed;
    private long refused;
    private long units;
    private long bytes;

    Track(LogEntry entry, SessionEvent.Opened opened) {
      this.entry = entry;
      this.opened = opened;
    }

    void take(SessionEvent.Operation operation) {
      operations++;
      refused += operation.refused().isPresent() ? 1 : 0;
    }

    void take(SessionEvent.Outcome outcome) {
      answered.set((int) Math.min(outcome.n(), Integer.MAX_VALUE - 1));
      units += outcome.units();
      bytes += outcome.bytes();
      failed += outcome.status().isFailure() ? 1 : 0;
    }

    void ended(Instant at, String word, String why) {
      ended = at;
      how = word;
      reason = why;
    }

    ClosingRecord.SessionSummary session() {
      return new ClosingRecord.SessionSummary(
          opened.of(),
          entry.seq(),
          entry.gateway().orElseThrow().id(),
          opened.protocol(),
          opened.level().word(),
          opened.clientAddress(),
          opened.clientApplication(),
          entry.time(),
          Optional.ofNullable(ended),
          Optional.of(how).filter(word -> !word.isEmpty()),
          reason,
          operations,
          units,
          bytes);
    }
  }

  /// Takes the next entry. Answers whether the record is complete with it: access has ended or will
  /// never come, no session is open, and this entry is one that can end something. That can be so
  /// again later, when a session that was given up closes after all.
  public boolean take(LogEntry entry) {
    index = entry.seq();
    boolean ending =
        switch (entry.body()) {
          case KeyringEvent _, TicketEvent _, RecoveryEvent _, ErasedEvent _ -> false;
          case RequestEvent event -> take(entry, event);
          case SessionEvent event -> take(entry, event);
        };
    return ending && end != null && tracks.values().stream().allMatch(t -> t.ended != null);
  }

  private boolean take(LogEntry entry, RequestEvent event) {
    switch (event) {
      case RequestEvent.Requested requested -> {
        submission = requested.submission();
        reason = text(requested.reason()).orElse(null);
      }
      case RequestEvent.Reviewed reviewed -> {
        said(
            entry, reviewed.reviewer(), "review: " + reviewed.verdict().word(), reviewed.comment());
        if (reviewed.verdict() == RequestEvent.ReviewVerdict.REJECT) {
          end(entry, Optional.of(reviewed.reviewer()), "rejected", reviewed.comment());
        }
      }
      case RequestEvent.Automatic automatic -> automatic(entry, automatic);
      case RequestEvent.Decided decided -> decided(entry, decided);
      case RequestEvent.Revoked revoked -> {
        var claimed = revoked.claimed();
        signed(entry, revoked.envelope(), claimed.approver(), "revoke", claimed.comment());
        end(entry, Optional.of(claimed.approver()), "revoked", claimed.comment());
      }
      case RequestEvent.Withdrawn withdrawn ->
          end(entry, Optional.of(withdrawn.by()), "withdrawn", "");
      case RequestEvent.Lapsed _ -> end(entry, Optional.empty(), "lapsed", "");
      case RequestEvent.Ended ended ->
          end(entry, Optional.of(ended.by()), ended.reason().word(), ended.comment());
    }
    return true;
  }

  private void automatic(LogEntry entry, RequestEvent.Automatic automatic) {
    var verdict = automatic.grant().isPresent() ? "approve" : "deny";
    said(entry, AccessRequest.POLICY, verdict, automatic.words());
    if (automatic.grant().isEmpty()) {
      end(entry, Optional.of(AccessRequest.POLICY), "denied", automatic.words());
    }
  }

  private void decided(LogEntry entry, RequestEvent.Decided decided) {
    var claimed = decided.claimed();
    if (claimed.allowance().isEmpty()) {
      signed(entry, decided.envelope(), claimed.approver(), "deny", claimed.comment());
      end(entry, Optional.of(claimed.approver()), "denied", claimed.comment());
      return;
    }
    var allowance = claimed.allowance().get();
    decisions.add(
        new ClosingRecord.RecordedDecision(
            entry.seq(),
            entry.time(),
            claimed.approver(),
            "approve",
            key(decided.envelope()),
            Optional.of(allowance),
            submission == null ? List.of() : narrowed(submission, allowance),
            claimed.comment()));
  }

  /// Which of the terms the approver took something away from.
  private static List<String> narrowed(Submission submission, Allowance allowance) {
    var asked = submission.terms();
    var narrowed = new ArrayList<String>();
    if (asked.level().isWiderThan(allowance.level())) {
      narrowed.add("level");
    }
    if (asked.duration().compareTo(allowance.duration()) > 0) {
      narrowed.add("duration");
    }
    asked.limits().widerIn(allowance.limits()).stream().map(Limit::word).forEach(narrowed::add);
    return narrowed;
  }

  private void signed(
      LogEntry entry, Envelope envelope, SubjectId by, String verdict, String comment) {
    decisions.add(
        new ClosingRecord.RecordedDecision(
            entry.seq(),
            entry.time(),
            by,
            verdict,
            key(envelope),
            Optional.empty(),
            List.of(),
            comment));
  }

  private void said(LogEntry entry, SubjectId by, String verdict, String comment) {
    decisions.add(
        new ClosingRecord.RecordedDecision(
            entry.seq(),
            entry.time(),
            by,
            verdict,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            comment));
  }

  private static Optional<KeyId> key(Envelope envelope) {
    return envelope.signatures().stream().findFirst().map(signature -> signature.keyId());
  }

  /// The first end counts; ending what has ended changes nothing.
  private void end(LogEntry entry, Optional<SubjectId> by, String how, String comment) {
    if (end == null) {
      end = new ClosingRecord.RequestEnd(entry.seq(), entry.time(), by, how, comment);
    }
  }

  private boolean take(LogEntry entry, SessionEvent event) {
    if (event instanceof SessionEvent.Opened opened) {
      tracks.putIfAbsent(opened.of(), new Track(entry, opened));
      return false;
    }
    var track = tracks.get(event.of());
    if (track == null) {
      return false;
    }
    return switch (event) {
      case SessionEvent.Opened _ -> throw new IllegalStateException("handled above");
      case SessionEvent.Operation operation -> {
        seen(entry.time());
        track.take(operation);
        objects(operation);
        yield false;
      }
      case StreamPart _ -> {
        seen(entry.time());
        yield false;
      }
      case SessionEvent.Outcome outcome -> {
        seen(entry.time());
        track.take(outcome);
        yield false;
      }
      case SessionEvent.Closed closed -> {
        track.ended(entry.time(), "closed", closed.reason());
        yield true;
      }
      case SessionEvent.Lost lost -> {
        track.ended(entry.time(), "lost", lost.reason());
        yield true;
      }
      case SessionEvent.RemovalFailed failed -> {
        leftovers.add("session %s: %s".formatted(failed.of(), failed.why()));
        yield false;
      }
    };
  }

  private void seen(Instant at) {
    first = first == null ? at : first;
    last = at;
  }

  private void objects(SessionEvent.Operation operation) {
    unread += operation.facts().isUnknown() ? 1 : 0;
    if (operation.refused().isPresent() || !(operation.facts() instanceof SqlFacts facts)) {
      return;
    }
    for (var name : facts.tables()) {
      if (tables.containsKey(name) || tables.size() < ClosingRecord.MOST) {
        var one =
            new ClosingRecord.Objects.TableUse(
                name, facts.reads().contains(name) ? 1 : 0, facts.writes().contains(name) ? 1 : 0);
        tables.merge(name, one, ClosingRecord.Objects.TableUse::and);
      } else {
        unlisted++;
      }
    }
  }

  private Optional<String> text(Commitment commitment) {
    return texts
        .apply(commitment)
        .filter(opened -> opened.commitment().equals(commitment))
        .map(
            opened ->
                TextRules.visible(new String(opened.text().toArray(), StandardCharsets.UTF_8)));
  }

  /// What is known after the entries so far; empty if the request's own entry was not among them.
  public Optional<ClosingRecord> record() {
    if (submission == null) {
      return Optional.empty();
    }
    var objects = new ClosingRecord.Objects(List.copyOf(tables.values()), unlisted, unread);
    return Optional.of(
        new ClosingRecord(
            index,
            submission,
            Optional.ofNullable(reason),
            decisions,
            Optional.ofNullable(end),
            tracks.values().stream().limit(ClosingRecord.MOST).map(Track::session).toList(),
            objects,
            totals(),
            leftovers));
  }

  private ClosingRecord.Totals totals() {
    long operations = 0;
    long failed = 0;
    long refused = 0;
    long answered = 0;
    long units = 0;
    long bytes = 0;
    for (var track : tracks.values()) {
      operations += track.operations;
      failed += track.failed;
      refused += track.refused;
      answered += track.answered.cardinality();
      units += track.units;
      bytes += track.bytes;
    }
    return new ClosingRecord.Totals(
        tracks.size(),
        operations,
        failed,
        refused,
        operations - answered,
        units,
        bytes,
        Optional.ofNullable(first),
        Optional.ofNullable(last));
  }
}
