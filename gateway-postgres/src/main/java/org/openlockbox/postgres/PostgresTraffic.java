package org.openlockbox.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.budget.Budgets.Meter;
import org.openlockbox.gateway.gate.SocketStates;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.session.Activity;
import org.openlockbox.gateway.session.CannotOpen;
import org.openlockbox.gateway.session.RemovalFailure;
import org.openlockbox.gateway.session.SessionParts;
import org.openlockbox.gateway.session.Traffic;
import org.openlockbox.net.Loop;
import org.openlockbox.postgres.batch.AsyncFilter;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.database.RemovalObstacle;
import org.openlockbox.postgres.database.SessionRole;
import org.openlockbox.postgres.database.SessionRoles;
import org.openlockbox.postgres.fence.WriteHints;
import org.openlockbox.postgres.login.ServerLink;
import org.openlockbox.postgres.relay.ErrorWords;
import org.openlockbox.postgres.relay.LoginReply;
import org.openlockbox.postgres.relay.Relay;
import org.openlockbox.postgres.relay.SessionContext;
import org.openlockbox.postgres.relay.Upstream;
import org.openlockbox.postgres.statement.StatementFilters;
import org.openlockbox.postgres.wire.CancelKey;
import org.openlockbox.postgres.wire.ConnectionRefusal;
import org.openlockbox.postgres.wire.PgError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One session by PostgreSQL's protocol: its one-shot role, its backend, and its [Relay].
///
/// A crash after the role is made leaves a role that nobody can use and that the gateway's next
/// start drops.
final class PostgresTraffic implements Traffic {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresTraffic.class);
  private static final Duration LOOP_WITHIN = Duration.ofSeconds(2);

  private final PostgresClient client;
  private final Permit permit;
  private final TrafficEnvironment setting;
  private final Loop loop;
  private final SessionContext talk;
  private final Relay relay;
  private final CancelKey cancelKey;
  private final CountDownLatch quiet = new CountDownLatch(1);
  private volatile @Nullable SessionRole role;
  private volatile @Nullable ServerLink database;

  PostgresTraffic(PostgresClient client, SessionParts parts) {
    this.client = client;
    this.permit = parts.permit();
    this.setting = client.setting();
    this.loop = client.loop();
    this.talk =
        new SessionContext(
            parts.gate(), parts.record(), permit.level(), hints(), filtering(), parts.memory());
    this.relay = new Relay(loop, talk, client.link().line(), setting.nanoTime(), parts.end());
    this.cancelKey = setting.upstream().freshKey(client.startup().spoken());
  }

  private WriteHints hints() {
    return permit.level() == Level.WRITE ? client.roles().hints() : WriteHints.NONE;
  }

  private AsyncFilter filtering() {
    StatementFilters filters = setting.filters();
    Level level = permit.level();
    ResourceSpec resource = client.roles().resource();
    return new AsyncFilter(
        permit.texts(),
        filters.of(
            permit.terms().limits().profile(),
            level,
            resource.relations(level),
            resource.lookups(level),
            resource.catalogs()),
        filters.longTexts(permit.tenant(), permit.request()),
        loop::wake);
  }

  /// Where its client is.
  InetAddress address() {
    return client.address();
  }

  @Override
  public Activity activity() {
    return talk.activity();
  }

  @Override
  public void adopt() {
    setting.cancelKeys().add(cancelKey, this);
    relay.adopt();
  }

  @Override
  public void dial() throws CannotOpen {
    try {
      dialAs(made());
    } catch (ConnectionRefusal e) {
      throw new CannotOpen(new ErrorWords(e.error()));
    }
  }

  private SessionRole made() {
    SessionRoles.OpenResult opened =
        client
            .roles()
            .open(
                permit.tenant(),
                permit.level(),
                permit.terms().limits().tables(),
                permit.end().latest(),
                permit.session());
    return switch (opened) {
      case SessionRoles.OpenResult.RoleReady(SessionRole ready) -> {
        role = ready;
        yield ready;
      }
      case SessionRoles.OpenResult.NotOpened(String why, var leftover) -> {
        LOG.warn("session {}: {}", permit.session(), why);
        role = leftover.orElse(null);
        throw Upstream.notReachable();
      }
    };
  }

  private void dialAs(SessionRole made) {
    try {
      var address = client.roles().resource().address();
      database = setting.upstream().dial(permit, address, made, client.startup().settings());
    } catch (ConnectionRefusal e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      LOG.warn("session {}: the database let nobody in: {}", permit.session(), e.getMessage());
      throw Upstream.notReachable();
    }
  }

  @Override
  public void begin(Meter meter) {
    ServerLink upstream = database;
    if (upstream == null) {
      throw new IllegalStateException("nobody has dialled");
    }
    relay.begin(upstream, meter, this::cancelNow, LoginReply.of(permit, cancelKey, upstream));
  }

  @Override
  public void tell(String message, String hint) {
    relay.tell(message, hint);
  }

  /// While one cancel is on its way others are nothing.
  @Override
  public void cancel() {
    loop.execute(this::cancelNow);
  }

  /// On the loop, so that nothing is forwarded between the look at what runs and the hold.
  private void cancelNow() {
    ServerLink upstream = database;
    if (upstream == null
        || talk.gate().isShut()
        || !talk.statements().isUnderWay()
        || !talk.beginCancel()) {
      return;
    }
    Thread.startVirtualThread(
        () -> {
          try {
            var address = client.roles().resource().address();
            setting.upstream().cancel(permit, address, upstream.key());
          } catch (IOException | RuntimeException e) {
            LOG.warn("session {}: cancel failed: {}", permit.session(), e.getMessage());
          } finally {
            talk.endCancel();
            loop.wake();
          }
        });
  }

  @Override
  public void cut() {
    relay.cutDatabase();
  }

  @Override
  public void leave(EndReason reason, Optional<ClientNotice> words, Runnable hungUp) {
    Optional<PgError> error = words.map(each -> GatewayErrors.of(reason, each));
    relay.leave(error, quiet::countDown, hungUp);
  }

  /// A loop that stands still keeps its sessions from closing.
  @Override
  public void awaitQuiet() throws InterruptedException {
    loop.await(quiet, LOOP_WITHIN);
  }

  /// The backend is terminated, its statement not cancelled before: it would go on with the next
  /// one of a pipeline. That it has lost its peer it sees at its next answer alone, and during a
  /// statement every two seconds.
  @Override
  public Optional<RemovalFailure> remove() {
    SessionRole made = role;
    return made == null
        ? Optional.empty()
        : client.roles().close(made).map(kept -> remains(made, kept));
  }

  private static RemovalFailure remains(SessionRole made, RemovalObstacle kept) {
    RemovalFailure.OperationState work =
        switch (kept.by()) {
          case BACKEND -> RemovalFailure.OperationState.RUNS;
          case DEPENDENTS ->
              RemovalFailure.OperationState.OVER; // roles are dropped when their backends have gone
          case SILENCE, PRESSURE, REFUSAL -> RemovalFailure.OperationState.UNKNOWN;
        };
    return new RemovalFailure(
        "the database role " + made.name(), work, kept.by().words(), kept.said());
  }

  @Override
  public void hangUp() {
    ServerLink upstream = database;
    if (upstream != null) {
      relay.closeLater(upstream);
    }
  }

  @Override
  public void discard() {
    relay.discard();
  }

  @Override
  public void forgotten() {
    setting.cancelKeys().remove(cancelKey);
  }

  @Override
  public boolean isSettled(SocketStates states) {
    return relay.isSettled(states);
  }
}
