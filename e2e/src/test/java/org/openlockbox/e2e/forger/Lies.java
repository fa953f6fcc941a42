package org.openlockbox.e2e.forger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.e2e.forger.Forger.change;
import static org.openlockbox.e2e.forger.Forger.drop;
import static org.openlockbox.e2e.forger.Forger.with;

import java.security.SecureRandom;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.tlog.SigningKeys;

/// The false histories, by what they do.
///
/// @param done a request that was approved, used in one session of three statements, and revoked
/// @param asked a request that nobody has approved
record Lies(Forger forger, RequestId done, RequestId asked) {
  Map<String, Lie> all() {
    var all = new LinkedHashMap<String, Lie>();
    authority(all);
    statements(all);
    wholes(all);
    return all;
  }

  private void authority(Map<String, Lie> all) {
    all.put(
        "approve in an approver's name, signed by a key of one's own",
        forger.tell(asked, log -> add(log, forger.approval(asked, "globex-approver"))));
    all.put(
        "use an approver's signature for another request",
        forger.tell(asked, log -> add(log, moved(log))));
    all.put(
        "widen what an approver signed",
        forger.tell(
            done,
            change(RequestEvent.Decided.class, of(done), entry -> with(entry, wider(entry)))));
    all.put(
        "add a key to the keyring, and approve with it",
        forger.tell(
            asked,
            log -> {
              add(log, forger.ownKey());
              add(log, forger.approval(asked, "mallory"));
            }));
    all.put("take back that a key was removed", forger.tell(done, this::withoutTheRemoval));
    all.put("hide a revocation", forger.tell(done, drop(RequestEvent.Revoked.class, of(done))));
    all.put(
        "date a decision back by an hour",
        forger.tell(done, change(RequestEvent.Decided.class, of(done), Lies::earlier)));
  }

  private void statements(Map<String, Lie> all) {
    all.put(
        "leave out a statement",
        forger.tell(done, log -> log.remove(places(log).get(1).intValue())));
    all.put(
        "change what a statement said",
        forger.tell(
            done, log -> log.replaceAll(entry -> isSecond(log, entry) ? said(entry) : entry)));
    all.put(
        "swap two statements",
        forger.tell(
            done, log -> Collections.swap(log, places(log).getFirst(), places(log).get(1))));
    all.put(
        "add an operation",
        forger.tell(done, log -> log.add(places(log).get(1), log.get(places(log).get(1)))));
    all.put(
        "call an operation by another type",
        forger.tell(
            done, _ -> {}, text -> text.replace("\"type\":\"operation\"", "\"type\":\"remark\"")));
    all.put(
        "leave out a whole session",
        forger.tell(done, log -> drop(SessionEvent.class, in(session(log))).accept(log)));
    all.put("invent a session", forger.tell(done, log -> log.add(again(log))));
  }

  private void wholes(Map<String, Lie> all) {
    all.put("cut off the end", forger.tell(done, List::removeLast));
    all.put(
        "show one reader another end",
        forger.tell(
            done,
            log -> {
              drop(RequestEvent.Revoked.class, of(done)).accept(log);
              add(
                  log,
                  new RequestEvent.Ended(
                      done, RequestEvent.EndCause.COMPLETED, new SubjectId("engineer"), ""));
            }));
    all.put("serve an old checkpoint", forger.replay(done, 3));
    all.put(
        "sign with other keys than genesis names",
        forger.tell(done, SigningKeys.generate(new SecureRandom())));
  }

  /// In the place of the removal stands what nobody signs, so that nothing else moves.
  private void withoutTheRemoval(List<LogEntry> log) {
    var harmless =
        log.stream()
            .filter(e -> e.body() instanceof RequestEvent.Requested r && r.about().equals(asked))
            .findFirst()
            .orElseThrow();
    log.remove(harmless);
    change(KeyringEvent.KeyRemoved.class, _ -> true, e -> with(e, harmless.body())).accept(log);
  }

  private void add(List<LogEntry> log, EntryBody body) {
    log.add(forger.byTheServer(body));
  }

  private static Predicate<RequestEvent> of(RequestId id) {
    return event -> event.about().equals(id);
  }

  private static Predicate<SessionEvent> in(SessionId session) {
    return event -> event.of().equals(session);
  }

  /// The approver's signature under the name of the other request.
  private EntryBody moved(List<LogEntry> log) {
    var decided =
        log.stream()
            .map(LogEntry::body)
            .filter(body -> body instanceof RequestEvent.Decided d && d.about().equals(done))
            .findFirst()
            .orElseThrow();
    var own = forger.approval(asked, "globex-approver").claimed().request();
    var theirs = ((RequestEvent.Decided) decided).claimed().request();
    return rewritten(
        ((RequestEvent.Decided) decided).envelope(),
        CanonicalJson.text(theirs.toJson()),
        CanonicalJson.text(own.toJson()));
  }

  private static EntryBody rewritten(Envelope signed, String from, String to) {
    assertThat(signed.payload().utf8()).contains(from);
    var payload = Bytes.ofUtf8(signed.payload().utf8().replace(from, to));
    var bent = new Envelope(signed.payloadType(), payload, signed.signatures());
    return new RequestEvent.Decided(bent, Decision.parse(bent.payloadJson()));
  }

  /// The approver's signature under a wider allowance.
  private static EntryBody wider(LogEntry entry) {
    var signed = ((RequestEvent.Decided) entry.body()).envelope();
    return rewritten(signed, "\"level\":\"masked\"", "\"level\":\"read\"");
  }

  private static LogEntry earlier(LogEntry entry) {
    return new LogEntry(
        entry.origin(),
        entry.seq(),
        entry.time().minusSeconds(3600),
        entry.body(),
        entry.gateway());
  }

  private SessionId session(List<LogEntry> log) {
    return opened(log).of();
  }

  private SessionEvent.Opened opened(List<LogEntry> log) {
    return log.stream()
        .filter(entry -> entry.body() instanceof SessionEvent.Opened o && o.about().equals(done))
        .map(entry -> (SessionEvent.Opened) entry.body())
        .findFirst()
        .orElseThrow();
  }

  /// Where the statements of the session are.
  private List<Integer> places(List<LogEntry> log) {
    var session = session(log);
    return IntStream.range(0, log.size())
        .filter(
            at ->
                log.get(at).body() instanceof SessionEvent.Operation statement
                    && statement.of().equals(session))
        .boxed()
        .toList();
  }

  private boolean isSecond(List<LogEntry> log, LogEntry entry) {
    return entry.equals(log.get(places(log).get(1)));
  }

  /// The statement with the commitment to another text.
  private static LogEntry said(LogEntry entry) {
    var statement = (SessionEvent.Operation) entry.body();
    var other = Commitment.to(Bytes.ofUtf8("0123456789abcdef"), Bytes.ofUtf8("select 'nothing'"));
    return with(
        entry,
        new SessionEvent.Operation(
            statement.of(),
            statement.n(),
            other,
            statement.input(),
            statement.kind(),
            statement.facts(),
            statement.refused()));
  }

  /// The opening of the session under another name, with the gateway's signature of the first.
  private LogEntry again(List<LogEntry> log) {
    var first = opened(log);
    var entry = log.stream().filter(e -> e.body().equals(first)).findFirst().orElseThrow();
    return with(
        entry,
        new SessionEvent.Opened(
            SessionId.random(new SecureRandom()),
            first.about(),
            first.engineer(),
            first.resource(),
            Protocol.POSTGRESQL,
            first.level(),
            first.connect(),
            first.certificate(),
            first.catalogue(),
            first.clientAddress(),
            first.clientApplication(),
            first.expires()));
  }
}
