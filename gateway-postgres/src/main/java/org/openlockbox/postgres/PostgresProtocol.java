package org.openlockbox.postgres;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.login.ConnectionLimit;
import org.openlockbox.gateway.login.Listener;
import org.openlockbox.gateway.protocol.GatewayProtocol;
import org.openlockbox.gateway.protocol.GatewayServices;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.thread.LastingRounds;
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
  private static final LastingRounds SWEEPS = new LastingRounds(LOG, "the sweep of leftovers");
  private static final int SWEEP_SECONDS = 60;

  private final Supplier<PostgresConfig> newest;
  private final GatewayBoot boot;
  private final LongSupplier nanoTime;
  private final LiveSessions.SessionLimits limits;
  private final SecureRandom random;

  /// The newest of each resource, also of one that is gone: its sessions go on.
  private final Map<ResourceId, String> passwords = new ConcurrentHashMap<>();

  private volatile List<PostgresResource> resources;
  private final TrafficEnvironment setting;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private @Nullable Listener listener;
  private @Nullable LoginHandler logins;
  private @Nullable FenceWatch watch;

  private PostgresProtocol(
      Supplier<PostgresConfig> newest,
      LiveSessions.SessionLimits limits,
      SecureRandom random,
      GatewayIdentity identity,
      LongSupplier nanoTime) {
    this.newest = newest;
    this.nanoTime = nanoTime;
    this.boot = new GatewayBoot(identity.id(), identity.boot());
    PostgresConfig config = newest.get();
    this.limits = limits;
    this.random = random;
    this.resources = resources(config, List.of());
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
    return of(() -> config, limits, random);
  }

  /// The same, whose configuration may be another one at each [#reload].
  public static GatewayProtocol.Factory of(
      Supplier<PostgresConfig> newest, LiveSessions.SessionLimits limits, SecureRandom random) {
    return (identity, nanoTime) -> new PostgresProtocol(newest, limits, random, identity, nanoTime);
  }

  /// What is described as before stays the very same.
  private List<PostgresResource> resources(PostgresConfig config, List<PostgresResource> before) {
    List<PostgresResource> next = new ArrayList<>();
    for (ResourceSpec spec : config.catalogue().resources()) {
      passwords.put(spec.id(), config.databasePassword().apply(spec.id()));
      Function<ResourceSpec, SessionRoles> roles = place -> roles(place, spec.id());
      next.add(
          before.stream()
              .filter(known -> known.id().equals(spec.id()))
              .findFirst()
              .map(known -> known.spec().equals(spec) ? known : known.succeededBy(spec, roles))
              .orElseGet(() -> PostgresResource.of(spec, roles)));
    }
    return List.copyOf(next);
  }

  private SessionRoles roles(ResourceSpec place, ResourceId resource) {
    Supplier<String> password = () -> Objects.requireNonNull(passwords.get(resource));
    var connections = AdminConnections.renewable(place.address(), password, boot);
    return new SessionRoles(place, connections, boot, random, nanoTime);
  }

  @Override
  public synchronized void reload() {
    PostgresConfig config = newest.get();
    List<PostgresResource> before = resources;
    List<PostgresResource> next = resources(config, before);
    next.stream().filter(each -> !before.contains(each)).forEach(parts::push);
    resources = next;
    FenceWatch watching = watch;
    if (watching != null) {
      watching.watchOnly(databases());
    }
    LoginHandler handler = logins;
    if (handler != null) {
      handler.show(front(config));
    }
  }

  private LoginHandler.ShownIdentity front(PostgresConfig config) {
    return new LoginHandler.ShownIdentity(
        new StartupNegotiation(config.identity()), new ScramServer(config.identity(), random));
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
    FenceWatch watching = new FenceWatch(databases()).start();
    watch = watching;
    parts.push(watching);
    sweep();
    setting.loops().start();
  }

  /// Drops what an earlier start left behind, now and every minute until nothing is left.
  private void sweep() {
    ScheduledExecutorService sweeper =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("leftovers").daemon().factory());
    var _ =
        sweeper.scheduleWithFixedDelay(this::dropAllLeftovers, 0, SWEEP_SECONDS, TimeUnit.SECONDS);
    parts.push(sweeper::shutdownNow);
  }

  private void dropAllLeftovers() {
    try {
      SWEEPS.run(() -> databases().forEach(PostgresProtocol::dropLeftovers));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
    PostgresConfig config = newest.get();
    LoginHandler handler =
        new LoginHandler(
            front(config),
            services,
            setting,
            new ConnectionLimit<>(limits.sessions(), limits.perRequest()));
    var threads = Thread.ofPlatform().name("login-", 0).daemon().factory();
    Listener listening =
        new Listener(config.listen(), config.logins(), services.nanoTime(), threads, handler);
    logins = handler;
    listener = listening;
    listening.start();
    return listening.port();
  }

  @Override
  public boolean isRunning() {
    Listener listening = listener;
    return setting.loops().areRunning() && (listening == null || listening.isRunning());
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
