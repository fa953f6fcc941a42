package org.openlockbox.postgres;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.login.ConnectionLimit;
import org.openlockbox.gateway.login.Listener;
import org.openlockbox.gateway.protocol.GatewayProtocol;
import org.openlockbox.gateway.protocol.GatewayServices;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.net.Loops;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.database.AdminConnections;
import org.openlockbox.postgres.database.FenceWatch;
import org.openlockbox.postgres.database.GatewayBoot;
import org.openlockbox.postgres.database.PostgresResource;
import org.openlockbox.postgres.database.SessionRoles;
import org.openlockbox.postgres.login.ScramServer;
import org.openlockbox.postgres.login.StartupNegotiation;
import org.openlockbox.postgres.relay.Upstream;
import org.openlockbox.postgres.statement.StatementFilters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// PostgreSQL's protocol on a gateway: the catalogue's databases, and how clients log in to them.
///
/// Roles that are left by a crash are dropped when the same gateway starts again, and have no
/// access after their own expiry anyway.
public final class PostgresProtocol implements GatewayProtocol {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresProtocol.class);
  private static final int SWEEP_SECONDS = 60;

  private final PostgresConfig config;
  private final LiveSessions.SessionLimits limits;
  private final SecureRandom random;
  private final List<PostgresResource> resources;
  private final TrafficEnvironment setting;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private @Nullable Listener listener;

  private PostgresProtocol(
      PostgresConfig config,
      LiveSessions.SessionLimits limits,
      SecureRandom random,
      GatewayIdentity identity,
      LongSupplier nanoTime) {
    this.config = config;
    this.limits = limits;
    this.random = random;
    this.resources = resources(config, identity, random, nanoTime);
    resources.forEach(parts::push);
    int cores = Runtime.getRuntime().availableProcessors();
    StatementFilters filters = StatementFilters.start(config.grammar(), cores, nanoTime);
    parts.push(filters);
    Loops loops = new Loops(cores);
    parts.push(loops);
    this.setting =
        new TrafficEnvironment(loops, new Upstream(random), filters, new CancelKeys(), nanoTime);
  }

  /// Makes the protocol for a start of the gateway.
  ///
  /// @param limits how many clients may wait for admission at once
  public static GatewayProtocol.Factory of(
      PostgresConfig config, LiveSessions.SessionLimits limits, SecureRandom random) {
    return (identity, nanoTime) -> new PostgresProtocol(config, limits, random, identity, nanoTime);
  }

  private static List<PostgresResource> resources(
      PostgresConfig config, GatewayIdentity identity, SecureRandom random, LongSupplier nanoTime) {
    GatewayBoot boot = new GatewayBoot(identity.id(), identity.boot());
    List<PostgresResource> resources = new ArrayList<>();
    for (ResourceSpec spec : config.catalogue().resources()) {
      String password = config.databasePassword().apply(spec.id());
      resources.add(
          PostgresResource.of(
              spec,
              place ->
                  new SessionRoles(
                      place,
                      AdminConnections.to(place.address(), password, boot),
                      boot,
                      random,
                      nanoTime)));
    }
    return List.copyOf(resources);
  }

  private List<SessionRoles> databases() {
    return resources.stream().flatMap(each -> each.places().stream()).toList();
  }

  @Override
  public Collection<PostgresResource> resources() {
    return resources;
  }

  @Override
  public void start() {
    parts.push(new FenceWatch(databases()).start());
    sweep();
    setting.loops().start();
  }

  /// Drops what an earlier start left behind, now and every minute until nothing is left.
  private void sweep() {
    ScheduledExecutorService sweeper =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("leftovers").daemon().factory());
    var _ =
        sweeper.scheduleWithFixedDelay(
            () -> databases().forEach(PostgresProtocol::dropLeftovers),
            0,
            SWEEP_SECONDS,
            TimeUnit.SECONDS);
    parts.push(sweeper::shutdownNow);
  }

  private static void dropLeftovers(SessionRoles roles) {
    try {
      List<String> left = roles.dropLeftovers();
      if (!left.isEmpty()) {
        LOG.error("{}: leftover roles cannot be dropped: {}", roles.resource().id(), left);
      }
    } catch (IOException | RuntimeException | Error e) {
      LOG.warn("{}: leftovers not swept: {}", roles.resource().id(), e.getMessage());
    }
  }

  @Override
  public int listen(GatewayServices services) throws IOException {
    LoginHandler logins =
        new LoginHandler(
            new StartupNegotiation(config.identity()),
            new ScramServer(config.identity(), random),
            services,
            setting,
            new ConnectionLimit<>(limits.sessions(), limits.perRequest()));
    var threads = Thread.ofPlatform().name("login-", 0).daemon().factory();
    Listener listening =
        new Listener(config.listen(), config.logins(), services.nanoTime(), threads, logins);
    listener = listening;
    listening.start();
    return listening.port();
  }

  @Override
  public void stopListening() {
    Listener listening = listener;
    if (listening != null) {
      try {
        listening.close();
      } catch (IOException e) {
        LOG.warn("while stopping: {}", e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("while stopping: {}", e.getMessage());
      }
    }
  }
}
