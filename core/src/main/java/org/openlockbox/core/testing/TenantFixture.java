package org.openlockbox.core.testing;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.history.History;
import org.openlockbox.core.history.HistoryCheck;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.core.statement.Erasure;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.core.statement.Revocation;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.EngineerFacts;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.LogSigner;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tree.Hash;

/// One tenant with its keys, its log and its people, for tests: makes true entries, and gives out
/// what is needed to make false ones.
///
/// Approvers are `ann`, `bob` and `cat` (each with one Ed25519 key named like them); the engineer
/// is `eve`, the gateway `gw-1`.
public final class TenantFixture {
  public static final GatewayId GATEWAY = new GatewayId("gw-1");
  public static final long SLOT = 5;
  public static final String BOOT = "00000000000000b1";
  public static final SubjectId EVE = new SubjectId("eve");
  public static final ResourceId HELPDESK = new ResourceId("helpdesk");

  private final SettableClock clock;
  private final SecureRandom random = new SecureRandom();
  private final TenantId tenant;
  private final MemoryLog log;
  private SigningKeys logKeys;
  private final Map<String, SoftwareKey> keys = new HashMap<>();
  private final Map<Commitment, OpenedText> texts = new HashMap<>();
  private long gatewaySeq;

  /// A tenant whose genesis names ann, bob and cat, and this quorum.
  public TenantFixture(String tenant, int quorum, SettableClock clock) {
    this(tenant, quorum, clock, Map.of());
  }

  private TenantFixture(
      String tenant, int quorum, SettableClock clock, Map<String, SoftwareKey> shared) {
    this.clock = clock;
    keys.putAll(shared);
    this.tenant = new TenantId(tenant);
    var origin = LogOrigin.of("log.example.com", this.tenant);
    this.logKeys = SigningKeys.generate(random);
    keys.put("log", ed25519Half(logKeys));
    this.log = new MemoryLog(origin, logKeys.logSigner(origin.value()), clock);
    log.append(new KeyringEvent.Founded(founding(quorum)));
  }

  /// Another tenant of the same vendor: its authority, gateway, engineer and clock are this one's.
  public TenantFixture beside(String tenant, int quorum) {
    var shared = new HashMap<String, SoftwareKey>();
    List.of("authority", "gateway", "engineer").forEach(name -> shared.put(name, key(name)));
    return new TenantFixture(tenant, quorum, clock, shared);
  }

  private static SoftwareKey ed25519Half(SigningKeys keys) {
    var text = keys.format();
    return KeyFile.parse(text.substring(0, text.indexOf("-----BEGIN PRIVATE", 1)));
  }

  private Envelope founding(int quorum) {
    var envelope = Envelope.unsigned(Genesis.PAYLOAD_TYPE, genesis(quorum).toJson());
    for (var name : List.of("ann", "bob", "cat")) {
      envelope = envelope.signedBy(key(name));
    }
    return envelope;
  }

  public Genesis genesis(int quorum) {
    return new Genesis(
        tenant,
        "Tenant " + tenant,
        log.origin(),
        logKeys.logVerifier(log.origin().value()),
        SLOT,
        quorum,
        List.of(approver("ann"), approver("bob"), approver("cat")),
        key("authority").key());
  }

  /// The key with this name; made when first asked for. `p256` is the only one that is not Ed25519.
  public SoftwareKey key(String name) {
    var scheme = name.equals("p256") ? Scheme.ECDSA_P256 : Scheme.ED25519;
    return keys.computeIfAbsent(name, n -> SoftwareKey.generate(scheme, random));
  }

  /// The keyring member of this name, with the key of that name.
  public ApproverKey approver(String name) {
    return new ApproverKey(new SubjectId(name), name + "'s key", key(name).key());
  }

  public TenantId tenant() {
    return tenant;
  }

  public MemoryLog log() {
    return log;
  }

  public LogSigner logSigner() {
    return logKeys.logSigner(log.origin().value());
  }

  /// The keys of the log that sign now.
  public SigningKeys logKeys() {
    return logKeys;
  }

  /// Signs with these keys from now on, whatever the log says.
  public void signBy(SigningKeys next) {
    logKeys = next;
    log.signBy(logSigner());
  }

  /// Signs the epoch log, with the same keys under its name.
  public LogSigner epochSigner() {
    return epochSigner(log.origin().epochs());
  }

  public LogSigner epochSigner(EpochLog epochs) {
    return logKeys.logSigner(epochs.origin());
  }

  public SettableClock clock() {
    return clock;
  }

  public Hash pin() {
    return log.entry(0).sha256();
  }

  public Nonce nonce() {
    return Nonce.random(random);
  }

  public Engineer engineer() {
    return new Engineer(EVE, EngineerFacts.human("DE", "Vendor GmbH"), key("engineer").key());
  }

  /// What eve asks for by default: masked, half an hour.
  public Terms terms() {
    return new Terms(
        HELPDESK,
        Level.MASKED,
        Optional.empty(),
        Duration.ofMinutes(30),
        Limits.UNWRITTEN
            .withRowBudget(new RowBudget(1000))
            .withTables(Tables.of(List.of("customers", "tickets"))));
  }

  public Submission submission(Terms terms, int quorum) {
    return submission(RequestId.random(random), terms, quorum);
  }

  public Submission submission(RequestId id, Terms terms, int quorum) {
    return submission(id, engineer(), terms, quorum);
  }

  /// A request on the default terms by this engineer.
  public Submission submissionOf(Engineer engineer) {
    return submission(RequestId.random(random), engineer, terms(), 1);
  }

  private Submission submission(RequestId id, Engineer engineer, Terms terms, int quorum) {
    return new Submission(
        id,
        tenant,
        engineer,
        Purpose.CUSTOMER_TICKET,
        "SUP-1",
        terms,
        Optional.empty(),
        false,
        Assurance.GATED,
        clock.instant().plus(Duration.ofHours(12)),
        quorum);
  }

  public Commitment commit(String text) {
    var salt = new byte[Commitment.SALT_LENGTH];
    random.nextBytes(salt);
    var opened = new OpenedText(Bytes.of(salt), Bytes.ofUtf8(text));
    texts.put(opened.commitment(), opened);
    return opened.commitment();
  }

  /// Commits to what a statement returned.
  public Commitment result(Commitment statement, Bytes rows) {
    return Commitment.to(Objects.requireNonNull(texts.get(statement)).salt(), rows);
  }

  public Map<Commitment, OpenedText> texts() {
    return Map.copyOf(texts);
  }

  public RequestEntry ask(Submission submission) {
    return ask(submission, "Cannot log in");
  }

  public RequestEntry ask(Submission submission, String reason) {
    var entry =
        log.append(new RequestEvent.Requested(submission, commit(reason), commit("Eve Adams")));
    return new RequestEntry(
        submission, RequestRef.of(submission, entry.seq(), entry.bytes().sha256()));
  }

  public RequestEntry ask(int quorum) {
    return ask(submission(terms(), quorum));
  }

  public record RequestEntry(Submission submission, RequestRef ref) {}

  /// The decision of this approver, to be signed.
  public Decision decision(RequestEntry asked, String approver, Optional<Allowance> allowance) {
    return new Decision(
        tenant, log.origin(), asked.ref(), new SubjectId(approver), allowance, "", nonce());
  }

  /// An approval of all that was asked, signed now by the approver's own key.
  public Envelope approval(RequestEntry asked, String approver) {
    var allowance = Allowance.asAsked(asked.submission(), clock.instant());
    return decision(asked, approver, Optional.of(allowance)).unsigned().signedBy(key(approver));
  }

  public Envelope denial(RequestEntry asked, String approver) {
    return decision(asked, approver, Optional.empty()).unsigned().signedBy(key(approver));
  }

  public Envelope revocation(RequestEntry asked, String approver) {
    return revocation(asked, approver, key(approver));
  }

  public Envelope revocation(RequestEntry asked, String approver, PrivateSigner signer) {
    return new Revocation(tenant, log.origin(), asked.ref(), new SubjectId(approver), "", nonce())
        .unsigned()
        .signedBy(signer);
  }

  /// An erasure to be signed, that can be carried out for an hour.
  public Erasure erasure(Erasure.ErasureScope scope) {
    var notAfter = clock.instant().plus(Duration.ofHours(1));
    return new Erasure(tenant, log.origin(), scope, "asked for by Carl", notAfter, nonce());
  }

  /// Logs an erasure, signed by these approvers; the texts stay where they are.
  public LogEntry erase(Erasure erasure, String... approvers) {
    var envelope = erasure.unsigned();
    for (var approver : approvers) {
      envelope = envelope.signedBy(key(approver));
    }
    return log.append(ErasedEvent.SignedErasure.of(envelope));
  }

  public LogEntry approve(RequestEntry asked, String approver) {
    return decide(approval(asked, approver));
  }

  /// Logs a decision, whoever signed it.
  public LogEntry decide(Envelope envelope) {
    return log.append(RequestEvent.Decided.of(envelope));
  }

  public LogEntry revoke(RequestEntry asked, String approver) {
    return log.append(RequestEvent.Revoked.of(revocation(asked, approver)));
  }

  /// The entries that [History#check] asks for, with proofs to the log's present checkpoint.
  public List<LoggedEntry> history(RequestId id) {
    return historyOf(log, id);
  }

  /// As [#history], of this log.
  public List<LoggedEntry> historyOf(MemoryLog shown, RequestId id) {
    return shown.proven(
        entry ->
            switch (entry.body()) {
              case KeyringEvent _, TicketEvent _, RecoveryEvent _ -> true;
              case RequestEvent event -> event.about().equals(id);
              case SessionEvent _, ErasedEvent _ -> false;
            });
  }

  public HistoryCheck check(RequestEntry asked) {
    var id = asked.submission().id();
    return History.check(Optional.of(pin()), tenant, id, history(id), log.checkpoint());
  }

  /// What the check says of a request whose history is sound.
  public HistoryCheck.Valid checked(RequestEntry asked) {
    return switch (check(asked)) {
      case HistoryCheck.Valid checked -> checked;
      case HistoryCheck.Invalid broken -> throw new AssertionError(broken.toString());
    };
  }

  /// A connect statement for this request, valid for ten minutes from now, not yet signed.
  public ConnectStatement connectStatement(RequestEntry asked) {
    var salt = Bytes.of(new byte[16]);
    var scramKey = Bytes.of(new byte[32]);
    return new ConnectStatement(
        tenant,
        asked.submission().id(),
        asked.submission().terms().resource(),
        EVE,
        asked.submission().id().userPrefix() + HexFormat.of().toHexDigits(random.nextInt()),
        new Credential.Scram(4096, salt, scramKey, scramKey),
        new Window(clock.instant(), clock.instant().plus(Duration.ofMinutes(10))),
        nonce());
  }

  public Envelope connect(RequestEntry asked) {
    return connectStatement(asked).unsigned().signedBy(key("engineer"));
  }

  /// The next stamp of the fixture's gateway for this body; signed where that type is.
  public GatewayStamp stamp(EntryBody body) {
    return stamp(body, key("gateway"));
  }

  public GatewayStamp stamp(EntryBody body, PrivateSigner signer) {
    var stamp = GatewayStamp.of(GATEWAY, BOOT, gatewaySeq++);
    return body.type().isSignedByGateway() ? stamp.signed(tenant, body, signer) : stamp;
  }

  /// Logs a gateway entry with the next stamp.
  public LogEntry fromGateway(EntryBody body) {
    return log.append(body, stamp(body));
  }

  /// The opening of a session under this request, as the gateway would log it.
  public SessionEvent.Opened opened(RequestEntry asked, SessionId session) {
    return new SessionEvent.Opened(
        session,
        asked.submission().id(),
        EVE,
        asked.submission().terms().resource(),
        Protocol.POSTGRESQL,
        asked.submission().terms().level(),
        connect(asked),
        new SignedGateways(this).certificate(),
        Bytes.ofUtf8("catalogue").sha256(),
        "127.0.0.1:50000",
        "psql",
        clock.instant().plus(Duration.ofMinutes(10)));
  }

  public SessionId session() {
    return SessionId.random(random);
  }
}
