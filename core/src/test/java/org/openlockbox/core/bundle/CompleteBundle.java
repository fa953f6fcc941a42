package org.openlockbox.core.bundle;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.AuthorityChange;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.limits.ByteBudget;
import org.openlockbox.core.limits.Concurrency;
import org.openlockbox.core.limits.ExactStatements;
import org.openlockbox.core.limits.Hours;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.limits.Shift;
import org.openlockbox.core.limits.SoftEnd;
import org.openlockbox.core.limits.Timeout;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.CalledFunctions;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.session.SessionChain;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.Erasure;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.testing.Passkey;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.SignedGateways;
import org.openlockbox.core.testing.SshTestKey;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tree.Hash;

/// A small bundle with everything in it: all kinds of signature, a keyring that grew and shrank,
/// settings, a gateway's key that was revoked, another authority that was objected to, every limit,
/// a quorum of four, a review, a session that closed, one whose role stood, one that was lost,
/// entries and epochs that the provider lost, texts erased by an approver and by their age, a
/// revocation; between them entries of another request, which are not shown.
public final class CompleteBundle {
  final SettableClock clock = new SettableClock();
  final TenantFixture acme = new TenantFixture("acme", 2, clock);
  private final PrivateSigner dan = SoftwareKey.generate(Scheme.ECDSA_P256, new SecureRandom());
  private final Passkey pia = Passkey.es256(new SecureRandom());
  private final SshTestKey sam = SshTestKey.plain(Scheme.ED25519);
  private final SshTestKey kim = SshTestKey.onSecurityKey(Scheme.ECDSA_P256, "ssh:");
  private final Set<RequestId> others = new HashSet<>();
  private final RequestEntry asked;
  private final LogEntry erased;

  public CompleteBundle() {
    keyring(new Edit.AddKey(approver("dan", dan)), 2, dan);
    keyring(new Edit.AddKey(approver("pia", pia)), 2, pia);
    keyring(new Edit.AddKey(approver("sam", sam)), 2, sam);
    keyring(new Edit.AddKey(approver("kim", kim)), 4, kim);
    another();
    keyring(new Edit.RemoveKey(acme.key("cat").key().keyId()), 4, sam, kim);
    long settings = acme.log().size();
    keyring(new Edit.ReplaceSettings(settings()), 4, sam, kim);
    asked = asked();
    another();
    var id = asked.submission().id();
    acme.log()
        .append(
            new RequestEvent.Reviewed(
                id, new SubjectId("rob"), RequestEvent.ReviewVerdict.APPROVE, "fine"));
    decide("dan", dan);
    another();
    decide("pia", pia);
    decide("sam", sam);
    decide("kim", kim);
    closed();
    acme.log().append(new RecoveryEvent.EntriesLost(90, Hash.sha256(new byte[1]), "disk lost"));
    acme.log().append(new RecoveryEvent.EpochsLost(2, 900, Hash.sha256(new byte[2]), "disk lost"));
    lost();
    erased = LogEntry.parse(acme.log().entry(acme.log().size() - 1));
    var scope = new Erasure.ErasureScope.ChosenEntries(List.of(1L, erased.seq()));
    acme.erase(acme.erasure(scope), "ann");
    acme.revoke(asked, "ann");
    clock.advance(Duration.ofSeconds(1));
    acme.log()
        .append(
            new RequestEvent.Ended(id, RequestEvent.EndCause.STOPPED, new SubjectId("ann"), ""));
    another();
    gateways();
    clock.advance(Duration.ofDays(365));
    var before = new TreeMap<>(Map.of(TextKind.REASON, asked.ref().index() + 1));
    acme.log().append(new ErasedEvent.RetentionOver(settings, before));
  }

  /// A gateway is revoked, one change of the authority meets an objection, and the next does not.
  private void gateways() {
    var signed = new SignedGateways(acme);
    signed.revoke("other");
    objection(signed.change("authority", "next", AuthorityChange.SHORTEST));
    signed.change("authority", "next", AuthorityChange.SHORTEST);
  }

  private RequestEntry asked() {
    var plain = acme.submission(acme.terms(), 4);
    return acme.ask(
        new Submission(
            plain.id(),
            plain.tenant(),
            plain.engineer(),
            plain.purpose(),
            plain.ticket(),
            plain.terms().with(limits(plain.terms().limits())),
            plain.extended(),
            true,
            Assurance.GATED,
            plain.decideBy(),
            plain.quorum()));
  }

  private Limits limits(Limits some) {
    return some.withByteBudget(new ByteBudget(1_000_000))
        .withStatementTimeout(Timeout.of(Duration.ofSeconds(90)))
        .withIdleTimeout(Timeout.of(Duration.ofMinutes(5)))
        .withSessions(new Concurrency(1))
        .withHours(
            Hours.of(
                Shift.parse("mon-fri 08:00-18:00 Europe/Berlin"),
                Shift.parse("mon,sun 22:00-20:00 UTC")))
        .withProfile(Profile.EXPERT)
        .withStatements(
            ExactStatements.of(
                List.of(acme.commit("select 1").value(), acme.commit("select 2").value())))
        .withSoftEnd(new SoftEnd(Duration.ofSeconds(30)));
  }

  private void another() {
    others.add(acme.ask(2).submission().id());
  }

  private static ApproverKey approver(String name, PrivateSigner signer) {
    return new ApproverKey(new SubjectId(name), name + "'s key", signer.key());
  }

  private void keyring(Edit change, int quorum, PrivateSigner... more) {
    Hash last = acme.pin();
    for (long seq = 1; seq < acme.log().size(); seq++) {
      var entry = acme.log().entry(seq);
      if (LogEntry.parse(entry).body() instanceof KeyringEvent event
          && event.step(seq, clock.instant(), entry.sha256()).isOfTenant()) {
        last = entry.sha256();
      }
    }
    var payload =
        new KeyringChange(acme.tenant(), acme.log().origin(), last, quorum, change).toJson();
    var envelope =
        Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, payload)
            .signedBy(acme.key("ann"))
            .signedBy(acme.key("bob"));
    for (var signer : more) {
      envelope = envelope.signedBy(signer);
    }
    acme.log().append(KeyringEvent.of(envelope));
  }

  private void objection(LogEntry change) {
    keyring(new Edit.ObjectToAuthority(change.bytes().sha256()), 4, sam, kim);
  }

  private static Settings settings() {
    var random = new SecureRandom();
    var keys =
        SigningKeys.generate(random).cosigners("witness.example.com").stream()
            .map(signer -> signer.verifier())
            .sorted(Comparator.comparing(NoteVerifier::vkey))
            .toList();
    var own = SigningKeys.generate(random).cosigners("witness.acme.example").getFirst().verifier();
    return new Settings(
        new WitnessPolicy(1, keys),
        Duration.ofSeconds(90),
        new WitnessPolicy(1, List.of(own)),
        Map.of(TextKind.OPERATION, Duration.ofDays(90), TextKind.REASON, Duration.ofDays(365)),
        ProviderAccess.ENABLED);
  }

  private void decide(String approver, PrivateSigner signer) {
    var allowance = Allowance.asAsked(asked.submission(), clock.instant());
    acme.decide(acme.decision(asked, approver, Optional.of(allowance)).unsigned().signedBy(signer));
  }

  private void closed() {
    var session = acme.session();
    acme.fromGateway(acme.opened(asked, session));
    var chain = SessionChain.of(session);
    for (int n = 0; n < 3; n++) {
      var statement = n < 2 ? statement(session, n) : executing(statement(session, n), 0);
      acme.fromGateway(statement);
      chain = chain.with(statement);
      if (n < 2) {
        var outcome =
            new SessionEvent.Outcome(
                session,
                n,
                OutcomeStatus.SQL_DONE,
                2,
                40,
                0,
                Optional.of(acme.result(statement.text(), Bytes.ofUtf8("rows"))));
        acme.fromGateway(outcome);
        chain = chain.with(outcome);
      }
    }
    acme.fromGateway(new SessionEvent.Closed(session, "ended", 3, 4, 80, chain.head(), false));
    var id = asked.submission().id();
    acme.fromGateway(new SessionEvent.RemovalFailed(session, id, "the database does not answer"));
    acme.fromGateway(new SessionEvent.Closed(session, "ended", 3, 4, 80, chain.head(), true));
  }

  private void lost() {
    var session = acme.session();
    acme.fromGateway(acme.opened(asked, session));
    acme.fromGateway(statement(session, 0));
    acme.log().append(new SessionEvent.Lost(session, "its gateway is gone"));
    acme.fromGateway(statement(session, 1));
  }

  private SessionEvent.Operation statement(SessionId session, long n) {
    return new SessionEvent.Operation(
        session,
        n,
        acme.commit("select é, \"quoted\"\nfrom customers -- " + n),
        Optional.of(acme.commit("$1 = 'Ünal'")),
        "query",
        SqlFacts.reading("select", 2, List.of("customers"))
            .calling(new CalledFunctions(new TreeSet<>(List.of("count", "lower")), 1)));
  }

  private static SessionEvent.Operation executing(SessionEvent.Operation statement, long by) {
    return new SessionEvent.Operation(
        statement.of(),
        statement.n(),
        statement.text(),
        statement.input(),
        "execute",
        ((SqlFacts) statement.facts()).preparedBy(by));
  }

  /// All entries of the log that a bundle of the request shows.
  List<LoggedEntry> entries() {
    return acme.log()
        .proven(
            entry ->
                !(entry.body() instanceof RequestEvent event && others.contains(event.about())));
  }

  Bundle of(List<LoggedEntry> entries) {
    var texts = new HashMap<>(acme.texts());
    erased.body().texts().forEach(text -> texts.remove(text.commitment()));
    var request = LogEntry.parse(acme.log().entry(asked.ref().index())).body();
    texts.remove(((RequestEvent.Requested) request).reason());
    return of(entries, texts);
  }

  private Bundle of(List<LoggedEntry> entries, Map<Commitment, OpenedText> texts) {
    return Bundle.of(asked.submission().id(), entries, acme.log().checkpoint(), texts)
        .disclosing(Disclosure.ALL);
  }

  /// With a text that an entry says was erased.
  Bundle unerased() {
    return of(entries(), acme.texts());
  }

  public Bundle bundle() {
    return of(entries());
  }

  public Hash pin() {
    return acme.pin();
  }
}
