package org.openlockbox.gateway.session;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.evidence.SessionEvent;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.fence.SessionRole;
import org.openlockbox.gateway.fence.SessionRoles;
import org.openlockbox.gateway.postgres.CancelKey;
import org.openlockbox.gateway.postgres.ClientLink;
import org.openlockbox.gateway.postgres.PgError;
import org.openlockbox.gateway.postgres.Refused;
import org.openlockbox.gateway.postgres.ServerLink;
import org.openlockbox.gateway.postgres.ServerMessages;
import org.openlockbox.gateway.postgres.StartupMessage;
import org.openlockbox.gateway.postgres.WireViolation;
import org.openlockbox.gateway.recorder.PendingEntry;
import org.openlockbox.gateway.session.RowBudgets.RowMeter;
import org.openlockbox.tlog.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's session, from its permit to its last entry. It reads top to bottom:
///
/// ```text
///   session-open durable ─▶ role made ─▶ dialled ─▶ client let in, banner ─▶ two pumps
///     ─▶ end, once, for one reason: nothing more released ─▶ client told ─▶ backend and role removed
///     ─▶ session-close
/// ```
///
/// A crash after `session-open` leaves an entry without a session (the server writes
/// `session-lost`); after the role is made, a role that nobody can use and that the gateway's next
/// start drops.
final class Session {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final Duration OPEN_WITHIN = Duration.ofSeconds(10);

  /// How long a client has to fetch its last bytes; the end of a session takes less than a second.
  private static final Duration FETCH_WITHIN = Duration.ofMillis(600);

  private final Permit permit;
  private final ClientLink link;
  private final Conversation talk;
  private final ClientSide client;
  private final SessionSetting setting;
  private final CancelKey cancelKey;
  private final AtomicReference<@Nullable EndReason> ended = new AtomicReference<>();
  private volatile @Nullable SessionRole role;
  private volatile @Nullable ServerLink database;
  private volatile @Nullable RowMeter meter;
  private final CountDownLatch dialled = new CountDownLatch(1);
  private final CountDownLatch hungUp = new CountDownLatch(1);
  private volatile long lapsedSince;
  private boolean opened;

  Session(Permit permit, ClientLink link, SessionSetting setting) {
    this.permit = permit;
    this.link = link;
    this.setting = setting;
    Gate gate = new Gate(setting.leaseIsValid(), setting.clock(), permit.until());
    SessionRecord record =
        new SessionRecord(
            setting.recorder(), permit.tenant(), permit.session(), setting.random(), gate::wake);
    this.talk = new Conversation(gate, record, permit.level());
    this.client = new ClientSide(link, gate);
    this.cancelKey = setting.upstream().freshKey();
  }

  Permit permit() {
    return permit;
  }

  CancelKey cancelKey() {
    return cancelKey;
  }

  /// Runs the session on the calling thread and one more; returns when it has ended.
  void run(StartupMessage startup) {
    EndReason reason = EndReason.NOT_OPENED;
    PgError tell = EndReason.NOT_OPENED.error();
    try {
      ServerLink upstream = open(startup);
      welcome(upstream);
      reason = relay(upstream);
      tell = reason.error();
    } catch (Refused e) {
      reason = opened ? EndReason.REFUSED : EndReason.NOT_OPENED;
      tell = e.error();
    } catch (WireViolation e) {
      reason = EndReason.VIOLATION;
      tell = PgError.fatal(PgError.PROTOCOL_VIOLATION, e.what(), "");
    } catch (IOException e) {
      reason = EndReason.CLIENT_LEFT;
      tell = EndReason.CLIENT_LEFT.error();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reason = EndReason.GATEWAY_STOPPED;
      tell = reason.error();
    } catch (RuntimeException | Error e) {
      LOG.error("session {} failed", permit.session(), e);
      reason = EndReason.FAILED;
      tell = reason.error();
    } finally {
      end(reason, tell);
      await(hungUp);
    }
  }

  /// Opens what [#finish] removes; it waits until this is over, one way or the other.
  private ServerLink open(StartupMessage startup) throws IOException, InterruptedException {
    try {
      recordOpening(startup);
      return dial(startup);
    } finally {
      dialled.countDown();
    }
  }

  private void recordOpening(StartupMessage startup) throws InterruptedException {
    PendingEntry open =
        talk.record()
            .open(
                new SessionEvent.Opened(
                    permit.session(),
                    permit.request(),
                    permit.grant().engineer().id(),
                    permit.resource().id(),
                    permit.level(),
                    permit.envelope(),
                    Hash.ofHex(permit.resource().digest()),
                    link.address().getHostAddress(),
                    startup.settings().getOrDefault("application_name", ""),
                    permit.until()));
    opened = true;
    Instant deadline = setting.clock().instant().plus(OPEN_WITHIN);
    while (!open.isDurable()) {
      if (open.isRefused() || hasEnded() || setting.clock().instant().isAfter(deadline)) {
        throw new Refused(
            PgError.fatal(
                PgError.CANNOT_CONNECT_NOW,
                "the opening of this session cannot be recorded, so it is not opened",
                "Try again in a moment."));
      }
      Thread.sleep(Duration.ofMillis(1));
    }
  }

  private ServerLink dial(StartupMessage startup) throws IOException {
    SessionRole made =
        switch (permit
            .roles()
            .open(
                permit.tenant(),
                permit.level(),
                permit.terms().limits().tables(),
                permit.until(),
                permit.session())) {
          case SessionRoles.Opened.Ready(SessionRole ready) -> ready;
          case SessionRoles.Opened.Failed(String why, var leftover) -> {
            LOG.warn("session {}: {}", permit.session(), why);
            role = leftover.orElse(null);
            throw notReachable();
          }
        };
    role = made;
    try {
      ServerLink upstream = setting.upstream().dial(permit, made, startup.settings());
      database = upstream;
      return upstream;
    } catch (IOException | RuntimeException e) {
      LOG.warn("session {}: the database let nobody in: {}", permit.session(), e.getMessage());
      throw notReachable();
    }
  }

  private static Refused notReachable() {
    return new Refused(
        PgError.fatal(
            PgError.CANNOT_CONNECT_NOW,
            "the protected database cannot be reached",
            "Try again in a moment; if it stays so, tell your platform team."));
  }

  private void welcome(ServerLink upstream) throws IOException {
    var messages = new ArrayList<byte[]>();
    messages.add(ServerMessages.authenticationOk());
    upstream
        .parameters()
        .entrySet()
        .forEach(parameter -> messages.add(ServerMessages.parameterStatus(parameter)));
    messages.add(ServerMessages.backendKey(cancelKey));
    messages.add(ServerMessages.notice(banner(), ""));
    messages.add(ServerMessages.readyForQuery('I'));
    client.release(null, messages.toArray(byte[][]::new));
  }

  private String banner() {
    return "OpenLockbox: "
        + permit.request()
        + ", "
        + permit.tenant()
        + " / "
        + permit.resource().id()
        + " at level "
        + permit.level().word()
        + ", ends "
        + permit.until()
        + "; every statement is recorded";
  }

  private EndReason relay(ServerLink upstream) throws IOException, InterruptedException {
    RowMeter own = setting.budgets().enter(permit, talk.gate());
    meter = own;
    ServerPump down =
        new ServerPump(
            upstream, client, talk, own, this::cancelStatement, setting.time().nanoTime());
    ClientPump up = new ClientPump(link, upstream.out(), talk);
    Thread downwards = setting.threads().name("session-down-", 0).unstarted(() -> pumpDown(down));
    talk.gate().usedBy(Thread.currentThread(), downwards);
    downwards.start();
    return up.run();
  }

  private void pumpDown(ServerPump down) {
    try {
      EndReason reason = down.run();
      end(reason, reason.error());
    } catch (WireViolation e) {
      LOG.warn("session {}: {}", permit.session(), e.getMessage());
      end(
          EndReason.VIOLATION,
          PgError.fatal(PgError.PROTOCOL_VIOLATION, e.what(), "Connect again."));
    } catch (IOException e) {
      end(EndReason.DATABASE_LEFT);
    } catch (ControlPlane.Unreachable e) {
      end(EndReason.LEASE_LAPSED);
    } catch (RuntimeException | Error e) {
      LOG.error("session {} failed", permit.session(), e);
      end(EndReason.FAILED);
    }
  }

  /// Stops what the session runs, if it runs anything. Never waits for long.
  void cancelStatement() {
    ServerLink upstream = database;
    if (upstream == null) {
      return;
    }
    Thread.startVirtualThread(
        () -> {
          try {
            setting.upstream().cancel(permit, upstream.key());
          } catch (IOException | RuntimeException e) {
            LOG.warn("session {}: cancel failed: {}", permit.session(), e.getMessage());
          }
        });
  }

  boolean hasEnded() {
    return ended.get() != null;
  }

  /// How long ago the lease lapsed or a record began to wait, as `Sessions` keeps it; 0 if neither.
  long lapsedSince() {
    return lapsedSince;
  }

  void lapsedSince(long nanos) {
    lapsedSince = nanos;
  }

  /// For how long a transaction has been open without a statement.
  Duration idleInTransaction() {
    return Duration.ofNanos(talk.idleInTransaction(setting.time().nanoTime().getAsLong()));
  }

  /// Whether results wait for a record that is not durable yet.
  boolean waitsForRecord() {
    return Optional.ofNullable(talk.record().newest()).filter(e -> !e.isDurable()).isPresent();
  }

  boolean recordIsRefused() {
    return Optional.ofNullable(talk.record().newest()).filter(PendingEntry::isRefused).isPresent();
  }

  void end(EndReason reason) {
    end(reason, reason.error());
  }

  /// Ends the session for the first reason given; later calls do nothing. Returns at once: from
  /// here on nothing is released, the rest happens beside.
  void end(EndReason reason, PgError tell) {
    if (ended.compareAndSet(null, reason)) {
      talk.gate().shut();
      setting.endings().start(() -> finish(reason, tell));
    }
  }

  private void sayFarewell(EndReason reason, PgError tell) {
    try {
      if (reason == EndReason.CLIENT_LEFT) {
        client.hangUp();
      } else {
        client.lastWords(tell, FETCH_WITHIN);
      }
    } finally {
      hungUp.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A session may be ended while its role is being made, so this waits for the dialling, which has
  /// its own time limits: what is made must go.
  private void finish(EndReason reason, PgError tell) {
    Thread farewell = Thread.startVirtualThread(() -> sayFarewell(reason, tell));
    await(dialled);
    if (reason != EndReason.DATABASE_LEFT) {
      cancelStatement();
    }
    boolean released = new Removal(permit, talk.record(), setting).remove(role);
    ServerLink upstream = database;
    if (upstream != null) {
      upstream.close();
    }
    if (opened) {
      talk.record().close(reason.word(), released);
    }
    RowMeter own = meter;
    if (own != null) {
      own.leave();
    }
    try {
      farewell.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    setting.onEnd().accept(this);
    LOG.info("session {} of {} ended: {}", permit.session(), permit.request(), reason.word());
  }
}
