package org.openlockbox.gateway;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.gateway.admission.Admission;
import org.openlockbox.gateway.admission.RequestEnds;
import org.openlockbox.gateway.admission.Witnessing;
import org.openlockbox.gateway.alarm.Alarms;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.controlplane.HttpControlPlane;
import org.openlockbox.gateway.controlplane.Lease;
import org.openlockbox.gateway.controlplane.LeaseTerm;
import org.openlockbox.gateway.login.ConnectionLimit;
import org.openlockbox.gateway.login.Listener;
import org.openlockbox.gateway.recorder.EntrySigner;
import org.openlockbox.gateway.recorder.Recorder;
import org.openlockbox.gateway.session.Sessions;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.postgres.LoginHandler;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.database.AdminConnections;
import org.openlockbox.postgres.database.FenceWatch;
import org.openlockbox.postgres.database.GatewayBoot;
import org.openlockbox.postgres.database.LogMemory;
import org.openlockbox.postgres.database.ProtectedResource;
import org.openlockbox.postgres.database.SessionRoles;
import org.openlockbox.postgres.login.ScramServer;
import org.openlockbox.postgres.login.StartupNegotiation;
import org.openlockbox.postgres.statement.StatementFilters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The policy enforcement point: lets engineers into protected databases for as long as a
/// customer's signature says, records every statement before its result is released, and stops in
/// time.
///
/// Keeps nothing on disk. A crash ends its sessions with their sockets; roles that are left are
/// dropped when the same gateway starts again, and have no access after their own expiry anyway.
public final class LockboxGateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LockboxGateway.class);
  private static final int SWEEP_SECONDS = 60;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Listener listener;

  private LockboxGateway(
      GatewayConfig config, GatewayIdentity identity, ControlPlane controlPlane, Clocks clocks)
      throws IOException {
    SecureRandom random = new SecureRandom();
    LongSupplier nanoTime = clocks::nanoTime;
    Map<ResourceId, ProtectedResource> resources = resources(config, identity, random, nanoTime);
    List.copyOf(resources.values()).forEach(parts::push);
    parts.push(new FenceWatch(databases(resources)).start());
    sweep(resources);
    Recorder recorder = new Recorder(controlPlane, signer(config, identity));
    parts.push(recorder.start());
    LateLease late = new LateLease();
    Witnessing witnessing = new Witnessing(controlPlane, clocks, nanoTime);
    parts.push(witnessing);
    Sessions sessions =
        new Sessions(
            controlPlane,
            recorder,
            new Sessions.Conditions(late::newest, witnessing::holds, SessionRoles::fenceHolds),
            judges(config, nanoTime),
            config.limits(),
            clocks,
            random);
    Admission admission =
        new Admission(
            controlPlane,
            resources,
            config.credential(),
            config.pins(),
            new CelConditions(),
            witnessing,
            alarms(config, controlPlane, resources, clocks)::raise,
            late::comes,
            clocks,
            random);
    start(lease(controlPlane, sessions, admission, clocks), late);
    parts.push(sessions.start());
    witnessing.start(sessions::grants);
    LoginHandler welcome = welcome(config, controlPlane, admission, sessions, random, nanoTime);
    this.listener = listen(config, nanoTime, welcome);
    parts.push(listener);
  }

  private static Listener listen(GatewayConfig config, LongSupplier nanoTime, LoginHandler welcome)
      throws IOException {
    ThreadFactory threads = threads("login-").factory();
    return new Listener(config.listen(), config.logins(), nanoTime, threads, welcome).start();
  }

  private void start(Lease lease, LateLease late) {
    late.is(lease);
    parts.push(lease.start());
  }

  /// What ends by it, ends first, and then for good.
  private Lease lease(
      ControlPlane controlPlane, Sessions sessions, Admission admission, Clocks clocks) {
    RequestEnds ends = new RequestEnds(admission, sessions::permits, clocks);
    parts.push(ends.start());
    Lease.Listener heeded =
        answer -> {
          ends.heed(answer); // of sessions that are still there
          sessions.heed(answer);
        };
    return new Lease(controlPlane, sessions::watched, heeded, clocks);
  }

  private Alarms alarms(
      GatewayConfig config,
      ControlPlane controlPlane,
      Map<ResourceId, ProtectedResource> resources,
      InstantSource clock) {
    List<LogMemory> memories = databases(resources).stream().map(SessionRoles::memory).toList();
    Alarms alarms =
        new Alarms(
            config.id(),
            controlPlane,
            config.alarms(),
            tenant ->
                resources.values().stream()
                    .flatMap(each -> each.roles(tenant).stream())
                    .map(SessionRoles::memory)
                    .findFirst(),
            memories,
            clock);
    parts.push(alarms.start());
    return alarms;
  }

  private StatementFilters judges(GatewayConfig config, LongSupplier nanoTime) {
    int loops = Runtime.getRuntime().availableProcessors();
    StatementFilters judges = StatementFilters.start(config.grammar(), loops, nanoTime);
    parts.push(judges);
    return judges;
  }

  private static LoginHandler welcome(
      GatewayConfig config,
      ControlPlane controlPlane,
      Admission admission,
      Sessions sessions,
      SecureRandom random,
      LongSupplier nanoTime) {
    return new LoginHandler(
        new StartupNegotiation(config.identity()),
        new ScramServer(config.identity(), random),
        controlPlane,
        admission,
        sessions,
        new ConnectionLimit<>(config.limits().sessions(), config.limits().perRequest()),
        nanoTime);
  }

  private static EntrySigner signer(GatewayConfig config, GatewayIdentity identity) {
    return (tenant, body, counter) ->
        GatewayStamp.of(identity.id(), identity.boot(), counter)
            .signed(tenant, body, config.credential().signer())
            .sig()
            .orElseThrow();
  }

  /// Starts a gateway that speaks to the control plane over HTTPS. Waits for nobody: the control
  /// plane may come later. But if it is there and does not know this gateway, nothing starts.
  ///
  /// @throws ControlPlane.TokenRefused then
  public static LockboxGateway start(GatewayConfig config) throws IOException {
    GatewayIdentity identity = GatewayIdentity.starting(config.id(), new SecureRandom());
    GatewayConfig.Door door = config.controlPlane();
    HttpControlPlane controlPlane =
        new HttpControlPlane(
            identity, config.credential(), door.server(), door.tls(), door.token(), door.here());
    try {
      controlPlane.lease(List.of());
    } catch (ControlPlane.Unreachable e) {
      LOG.warn("the control plane cannot be reached yet: {}", e.getMessage());
    }
    LockboxGateway gateway =
        start(config, identity, controlPlane, Clocks.ofMachine(InstantSource.system()));
    gateway.parts.addLast(controlPlane);
    return gateway;
  }

  /// Starts a gateway with a control plane and clocks of the caller's.
  public static LockboxGateway start(
      GatewayConfig config, GatewayIdentity identity, ControlPlane controlPlane, Clocks clocks)
      throws IOException {
    LockboxGateway gateway = new LockboxGateway(config, identity, controlPlane, clocks);
    LOG.info("gateway {} listens on port {}", config.id(), gateway.port());
    return gateway;
  }

  private static Map<ResourceId, ProtectedResource> resources(
      GatewayConfig config, GatewayIdentity identity, SecureRandom random, LongSupplier nanoTime) {
    GatewayBoot boot = new GatewayBoot(identity.id(), identity.boot());
    Map<ResourceId, ProtectedResource> resources = new HashMap<>();
    for (ResourceSpec spec : config.catalogue().resources()) {
      String password = config.databasePassword().apply(spec.id());
      resources.put(
          spec.id(),
          ProtectedResource.of(
              spec,
              place ->
                  new SessionRoles(
                      place,
                      AdminConnections.to(place.address(), password, boot),
                      boot,
                      random,
                      nanoTime)));
    }
    return resources;
  }

  private static List<SessionRoles> databases(Map<ResourceId, ProtectedResource> resources) {
    return resources.values().stream().flatMap(each -> each.databases().stream()).toList();
  }

  /// Drops what an earlier start left behind, now and every minute until nothing is left.
  private void sweep(Map<ResourceId, ProtectedResource> resources) {
    ScheduledExecutorService sweeper =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("leftovers").daemon().factory());
    var _ =
        sweeper.scheduleWithFixedDelay(
            () -> databases(resources).forEach(LockboxGateway::dropLeftovers),
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

  private static Thread.Builder threads(String name) {
    return Thread.ofPlatform().name(name, 0).daemon();
  }

  /// The port that clients connect to.
  public int port() {
    return listener.port();
  }

  /// Stops accepting, ends the sessions, writes their last entries, then lets everything go.
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

  /// Sessions ask for the lease, and the lease asks which sessions there are.
  private static final class LateLease {
    private volatile @Nullable Lease lease;

    void is(Lease made) {
      lease = made;
    }

    LeaseTerm newest() {
      Lease made = lease;
      return made == null ? LeaseTerm.NONE : made.newest();
    }

    boolean comes() {
      Lease made = lease;
      return made != null && made.comes();
    }
  }
}
