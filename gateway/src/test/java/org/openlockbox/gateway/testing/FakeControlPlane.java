package org.openlockbox.gateway.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.epoch.WitnessView;
import org.openlockbox.core.history.ConnectCheck;
import org.openlockbox.core.limits.Amount;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.SignedGateways;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.GatewayCredential;
import org.openlockbox.gateway.controlplane.GatewayEntry;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.controlplane.HistoryAnswer;
import org.openlockbox.gateway.controlplane.LeaseAnswer;
import org.openlockbox.gateway.controlplane.RecordedText;
import org.openlockbox.gateway.controlplane.WatchedLog;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// A control plane in memory over one tenant's fixture, with switches for what can go wrong. Every
/// entry it takes is parsed as strictly as a verifier would.
public final class FakeControlPlane implements ControlPlane {
  /// What becomes of the next appends.
  public enum Appends {
    WORK,
    /// The answer never comes and nothing was written.
    NOT_APPLIED,
    /// Everything was written, but the answer never comes.
    ANSWER_LOST,
    REFUSED,
    /// The answer is that the control plane failed, and nothing was written.
    FAILED,
    /// The gateway has no memory left to write with.
    NO_MEMORY,
    /// Batches that open a session are refused as a whole.
    OPENINGS_REFUSED
  }

  private final TenantFixture tenant;
  private final GatewayIdentity identity;
  private final Map<String, ConnectOffer> offers = new HashMap<>();
  private final Map<Commitment, RecordedText> texts = new HashMap<>();
  private final List<SessionEvent> events = new ArrayList<>();
  private final Set<RequestId> ended = ConcurrentHashMap.newKeySet();
  private final Set<SessionId> stopped = ConcurrentHashMap.newKeySet();
  private final List<String> alarms = new ArrayList<>();
  private Predicate<LogEntry> hidden = entry -> false;
  private final Map<RequestId, Amount> claimed = new HashMap<>();
  private final Map<RequestId, Amount> claimedElsewhere = new HashMap<>();
  private final List<Hash> leaves = new ArrayList<>();
  private final Map<RequestId, Long> requested = new HashMap<>();
  private final AtomicInteger historyAsked = new AtomicInteger();
  private final AtomicInteger appendCalls = new AtomicInteger();
  private final AtomicInteger callsWithStatements = new AtomicInteger();
  private long nextCounter;
  private volatile Appends appends = Appends.WORK;
  private volatile WitnessedAnswer witnessed =
      (of, size, epochs) ->
          new WitnessView(Optional.empty(), List.of(), List.of(), Optional.empty());
  private volatile CountDownLatch histories = new CountDownLatch(0);
  private volatile Supplier<LeaseAnswer> leases = this::leaseHere;
  private volatile boolean leaseDown;
  private volatile boolean down;
  private volatile boolean withheld;

  /// What the fixture's gateway shows; renewed whenever it is asked for.
  public static GatewayCredential credential(TenantFixture tenant) {
    return new GatewayCredential(
        TenantFixture.GATEWAY,
        tenant.key("gateway"),
        () -> new SignedGateways(tenant).certificate());
  }

  public FakeControlPlane(TenantFixture tenant, GatewayIdentity identity) {
    this.tenant = tenant;
    this.identity = identity;
  }

  boolean isOf(TenantId asked) {
    return tenant.tenant().equals(asked);
  }

  public synchronized void offer(String user, ConnectOffer offer) {
    offers.put(user, offer);
  }

  /// Signs a connect statement for the request with this token, and offers it; answers the user.
  public String offer(TenantFixture.RequestEntry asked, Bytes token, RandomGenerator random) {
    var request = asked.submission().id();
    Instant now = tenant.clock().instant();
    var statement =
        new ConnectStatement(
            tenant.tenant(),
            request,
            TenantFixture.HELPDESK,
            TenantFixture.EVE,
            request.userPrefix() + HexFormat.of().toHexDigits(random.nextInt()),
            new Credential.Token(token.sha256()),
            new Window(now, now.plus(Duration.ofMinutes(10))),
            tenant.nonce());
    var envelope = statement.unsigned().signedBy(tenant.key("engineer"));
    offer(statement.user(), new ConnectOffer(tenant.tenant(), request, envelope));
    return statement.user();
  }

  public void appends(Appends how) {
    appends = how;
  }

  /// How often something was to be appended, whatever became of it.
  public int appendCalls() {
    return appendCalls.get();
  }

  /// How often statements were appended, one or many at once.
  public int callsWithStatements() {
    return callsWithStatements.get();
  }

  public void leaseDown(boolean isDown) {
    leaseDown = isDown;
  }

  public void down(boolean isDown) {
    down = isDown;
  }

  public void end(RequestId request) {
    ended.add(request);
  }

  public void stop(SessionId session) {
    stopped.add(session);
  }

  /// Waits for nothing: the histories of many logins take longer than a lease lasts.
  @Override
  public LeaseAnswer lease(List<WatchedLog> watched) {
    if (leaseDown || down) {
      throw new NoReply("switched off");
    }
    return leases.get();
  }

  private LeaseAnswer leaseHere() {
    return new LeaseAnswer(Duration.ofSeconds(1), ended, stopped);
  }

  /// From now on somebody else says how long the lease lasts and what has ended.
  public void leases(Supplier<LeaseAnswer> elsewhere) {
    leases = elsewhere;
  }

  @Override
  public synchronized Optional<ConnectOffer> connect(String user) {
    if (down) {
      throw new NoReply("switched off");
    }
    return Optional.ofNullable(offers.get(user));
  }

  @Override
  public synchronized List<ConnectOffer> connects(TenantId of, ResourceId resource) {
    if (down) {
      throw new NoReply("switched off");
    }
    return offers.values().stream()
        .filter(offer -> offer.tenant().equals(of))
        .filter(offer -> ConnectCheck.parse(offer.envelope()).resource().equals(resource))
        .toList();
  }

  /// Whoever asks for a history waits until this opens.
  public void histories(CountDownLatch answered) {
    histories = answered;
  }

  @Override
  public HistoryAnswer history(TenantId of, RequestId request, OptionalLong seen) {
    historyAsked.incrementAndGet();
    try {
      histories.await();
    } catch (InterruptedException e) {
      throw new NoReply("interrupted");
    }
    return historyNow(request, seen);
  }

  private synchronized HistoryAnswer historyNow(RequestId request, OptionalLong seen) {
    if (down) {
      throw new NoReply("switched off");
    }
    synchronized (tenant.log()) {
      return new HistoryAnswer(
          tenant.log().checkpoint(),
          tenant.history(request).stream()
              .filter(entry -> !hidden.test(LogEntry.parse(entry.entry())))
              .toList(),
          consistency(seen),
          statements(request));
    }
  }

  /// What witnesses are said to have seen, from now on.
  public void witnesses(WitnessedAnswer answer) {
    witnessed = answer;
  }

  /// Answers as a control plane would.
  public interface WitnessedAnswer {
    WitnessView of(TenantId tenant, long size, long epochs);
  }

  @Override
  public WitnessView witnessed(TenantId of, long size, long epochs) {
    if (down) {
      throw new NoReply("switched off");
    }
    return witnessed.of(of, size, epochs);
  }

  private Optional<List<Hash>> consistency(OptionalLong seen) {
    if (seen.isEmpty()) {
      return Optional.empty();
    }
    for (long i = leaves.size(); i < tenant.log().size(); i++) {
      leaves.add(MerkleTree.leafHash(tenant.log().entry(i).toArray()));
    }
    return Optional.of(ConsistencyPath.between(seen.getAsLong(), leaves));
  }

  /// Another gateway has claimed so much of this request's budgets.
  public synchronized void claimedElsewhere(RequestId request, Amount amount) {
    claimedElsewhere.put(request, amount);
  }

  /// What this gateway has claimed.
  public synchronized Amount claimed(RequestId request) {
    return claimed.getOrDefault(request, Amount.NONE);
  }

  @Override
  public synchronized void alarm(TenantId of, RequestId request, String problem) {
    if (down) {
      throw new NoReply("switched off");
    }
    alarms.add(problem);
  }

  /// The problems of which the tenant was told.
  public synchronized List<String> alarms() {
    return List.copyOf(alarms);
  }

  /// From now on no history has these entries.
  public synchronized void hide(Predicate<LogEntry> entries) {
    hidden = entries;
  }

  @Override
  public synchronized Amount claim(TenantId of, RequestId request, Amount amount) {
    if (down) {
      throw new NoReply("switched off");
    }
    var left = budget(request).less(claimedElsewhere.getOrDefault(request, Amount.NONE));
    claimed.put(request, amount.atMost(left));
    return claimed(request);
  }

  private Amount budget(RequestId request) {
    return asked(request)
        .map(asked -> Amount.of(asked.submission().terms().limits()))
        .orElse(Amount.NONE);
  }

  /// Looks where the request was found last, because each login asks, and a log may be long.
  private Optional<RequestEvent.Requested> asked(RequestId request) {
    synchronized (tenant.log()) {
      var known = askedAt(requested.getOrDefault(request, Long.MAX_VALUE), request);
      for (long i = 0; known.isEmpty() && i < tenant.log().size(); i++) {
        known = askedAt(i, request);
        if (known.isPresent()) {
          requested.put(request, i);
        }
      }
      return known;
    }
  }

  private Optional<RequestEvent.Requested> askedAt(long index, RequestId request) {
    return index < tenant.log().size()
            && LogEntry.parse(tenant.log().entry(index)).body()
                instanceof RequestEvent.Requested asked
            && asked.about().equals(request)
        ? Optional.of(asked)
        : Optional.empty();
  }

  /// From now on no text is shown.
  public synchronized void withhold() {
    withheld = true;
  }

  /// The texts of the statements that the request commits to.
  private List<OpenedText> statements(RequestId request) {
    return withheld ? List.of() : opened(request);
  }

  private List<OpenedText> opened(RequestId request) {
    return asked(request).stream()
        .flatMap(RequestEvent.Requested::statements)
        .flatMap(commitment -> Optional.ofNullable(tenant.texts().get(commitment)).stream())
        .toList();
  }

  @Override
  public void append(List<GatewayEntry> entries) {
    appendCalls.incrementAndGet();
    Appends how = down ? Appends.NOT_APPLIED : appends;
    switch (how) {
      case NOT_APPLIED -> throw new NoReply("not applied");
      case REFUSED -> throw new AppendRefused("refused");
      case FAILED -> throw AppendRefused.ofStatus(500, "fault");
      case NO_MEMORY -> throw new OutOfMemoryError("switched on");
      case OPENINGS_REFUSED -> {
        if (entries.stream().anyMatch(entry -> entry.body() instanceof SessionEvent.Opened)) {
          throw new AppendRefused("the request is not in force");
        }
        entries.forEach(this::take);
      }
      case WORK, ANSWER_LOST -> {
        if (entries.stream().anyMatch(e -> e.body() instanceof SessionEvent.Operation)) {
          callsWithStatements.incrementAndGet();
        }
        entries.forEach(this::take);
      }
    }
    if (how == Appends.ANSWER_LOST) {
      throw new NoReply("the answer was lost");
    }
  }

  private synchronized void take(GatewayEntry entry) {
    synchronized (tenant.log()) {
      append(entry);
    }
  }

  private void append(GatewayEntry entry) {
    if (entry.counter() < nextCounter) {
      return;
    }
    if (entry.counter() > nextCounter) {
      throw new AppendRefused("a gap before " + entry.counter());
    }
    Bytes bytes = GatewayLeaf.of(entry, identity, tenant.log());
    tenant.log().appendRaw(bytes);
    if (LogEntry.parse(bytes).body() instanceof SessionEvent event) {
      events.add(event);
    }
    nextCounter++;
    for (RecordedText text : entry.texts()) {
      texts.put(text.commitment(), text);
    }
  }

  /// Session events in log order.
  public synchronized List<SessionEvent> events() {
    return List.copyOf(events);
  }

  /// Why the sessions that have closed ended.
  public List<String> reasons() {
    return events().stream()
        .filter(SessionEvent.Closed.class::isInstance)
        .map(SessionEvent.Closed.class::cast)
        .map(SessionEvent.Closed::reason)
        .toList();
  }

  /// The texts of the recorded statements, in log order. The texts of the statements, and the
  /// values of their parameters.
  public synchronized List<String> statements() {
    return events().stream()
        .filter(SessionEvent.Operation.class::isInstance)
        .map(SessionEvent.Operation.class::cast)
        .flatMap(statement -> statement.texts().stream())
        .map(text -> shown(text.commitment()))
        .toList();
  }

  /// The text of one recorded statement.
  public synchronized String text(SessionEvent.Operation statement) {
    return shown(statement.text());
  }

  private String shown(Commitment commitment) {
    var text = texts.get(commitment);
    return text == null ? "?" : text.text().utf8();
  }

  /// What the gateway committed to, had the statement returned these rows.
  public synchronized Commitment result(SessionEvent.Operation statement, Bytes rows) {
    return Commitment.to(Objects.requireNonNull(texts.get(statement.text())).salt(), rows);
  }

  /// Whether every statement has its outcome: nothing of a session is on its way to the log.
  public boolean isSettled() {
    var sorts = events().stream().map(Object::getClass).toList();
    return Collections.frequency(sorts, SessionEvent.Operation.class)
        == Collections.frequency(sorts, SessionEvent.Outcome.class);
  }

  public int historyAsked() {
    return historyAsked.get();
  }
}
