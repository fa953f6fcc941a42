package org.openlockbox.e2e.forger;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.testing.MemoryLog;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tree.Hash;

/// A provider that has turned: it has a tenant's true log, may rewrite every row of it, and signs
/// what comes of it with the log's own keys. What it does not have are the approvers' keys and the
/// gateway's.
final class Forger {
  private final List<LogEntry> truth;
  private final SigningKeys keys;
  private final Map<Commitment, OpenedText> texts;
  private final SoftwareKey own = SoftwareKey.generate(Scheme.ED25519, new SecureRandom());

  Forger(List<Bytes> log, SigningKeys keys, Map<Commitment, OpenedText> texts) {
    this.truth = log.stream().map(LogEntry::parse).toList();
    this.keys = keys;
    this.texts = texts;
  }

  private LogOrigin origin() {
    return truth.getFirst().origin();
  }

  /// The truth, bent; whatever was taken out or put in, the entries are numbered anew.
  Lie tell(RequestId about, Consumer<List<LogEntry>> bend) {
    return tell(about, bend, UnaryOperator.identity());
  }

  /// The same, with the text of each entry bent as well.
  Lie tell(RequestId about, Consumer<List<LogEntry>> bend, UnaryOperator<String> spelling) {
    var log = log(bend, spelling, keys);
    return new Lie(log, log.checkpoint(), about, Map.of());
  }

  /// The truth under keys of the forger's.
  Lie tell(RequestId about, SigningKeys signer) {
    var log = log(_ -> {}, UnaryOperator.identity(), signer);
    return new Lie(log, log.checkpoint(), about, texts);
  }

  private MemoryLog log(
      Consumer<List<LogEntry>> bend, UnaryOperator<String> spelling, SigningKeys signer) {
    var bent = new ArrayList<>(truth);
    bend.accept(bent);
    var log = new MemoryLog(origin(), signer.logSigner(origin().value()), InstantSource.system());
    for (var entry : bent) {
      var numbered =
          new LogEntry(origin(), log.size(), entry.time(), entry.body(), entry.gateway());
      log.appendRaw(Bytes.ofUtf8(spelling.apply(numbered.bytes().utf8())));
    }
    return log;
  }

  /// All of the truth under a checkpoint of before.
  Lie replay(RequestId about, int size) {
    var old =
        log(
            entries -> entries.subList(size, entries.size()).clear(),
            UnaryOperator.identity(),
            keys);
    var all = log(_ -> {}, UnaryOperator.identity(), keys);
    return new Lie(all, old.checkpoint(), about, texts);
  }

  /// Another value in place of the entry with this body.
  static <B extends EntryBody> Consumer<List<LogEntry>> change(
      Class<B> kind, Predicate<? super B> which, UnaryOperator<LogEntry> to) {
    return entries -> entries.replaceAll(entry -> is(entry, kind, which) ? to.apply(entry) : entry);
  }

  static <B extends EntryBody> Consumer<List<LogEntry>> drop(
      Class<B> kind, Predicate<? super B> which) {
    return entries -> entries.removeIf(entry -> is(entry, kind, which));
  }

  private static <B extends EntryBody> boolean is(
      LogEntry entry, Class<B> kind, Predicate<? super B> which) {
    return kind.isInstance(entry.body()) && which.test(kind.cast(entry.body()));
  }

  static LogEntry with(LogEntry entry, EntryBody body) {
    return new LogEntry(entry.origin(), entry.seq(), entry.time(), body, entry.gateway());
  }

  LogEntry byTheServer(EntryBody body) {
    return LogEntry.of(origin(), truth.size(), Instant.now(), body);
  }

  /// An approval of this request in an approver's name, signed by the forger's own key.
  RequestEvent.Decided approval(RequestId id, String approver) {
    var asked =
        truth.stream()
            .filter(entry -> is(entry, RequestEvent.Requested.class, r -> r.about().equals(id)))
            .findFirst()
            .orElseThrow();
    var submission = ((RequestEvent.Requested) asked.body()).submission();
    var decision =
        new Decision(
            submission.tenant(),
            origin(),
            RequestRef.of(submission, asked.seq(), asked.bytes().sha256()),
            new SubjectId(approver),
            Optional.of(
                Allowance.asAsked(submission, Instant.now().truncatedTo(ChronoUnit.MILLIS))),
            "",
            Nonce.random(new SecureRandom()));
    return new RequestEvent.Decided(decision.unsigned().signedBy(own), decision);
  }

  /// An entry that adds the forger's key to the keyring, signed by itself alone.
  KeyringEvent.KeyAdded ownKey() {
    Hash last =
        truth.stream()
            .filter(entry -> entry.body() instanceof KeyringEvent)
            .reduce((_, later) -> later)
            .orElseThrow()
            .bytes()
            .sha256();
    var added = new ApproverKey(new SubjectId("mallory"), "Mallory", own.key());
    var change =
        new KeyringChange(
            origin().tenant(), origin(), last, 1, new KeyringChange.Edit.AddKey(added));
    return new KeyringEvent.KeyAdded(
        Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, change.toJson()).signedBy(own));
  }
}
