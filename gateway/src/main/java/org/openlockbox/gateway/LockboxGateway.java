package org.openlockbox.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.keyring.GatewayAgent;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.admission.Admission;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.admission.RequestEnds;
import org.openlockbox.gateway.admission.Witnessing;
import org.openlockbox.gateway.alarm.AlarmDelivery;
import org.openlockbox.gateway.alarm.AlarmReceiver;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.condition.GatewayCondition;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.controlplane.HttpControlPlane;
import org.openlockbox.gateway.controlplane.Lease;
import org.openlockbox.gateway.controlplane.LeaseAnswer;
import org.openlockbox.gateway.controlplane.LeaseTerm;
import org.openlockbox.gateway.gate.SocketStates;
import org.openlockbox.gateway.metrics.FenceStates;
import org.openlockbox.gateway.metrics.GatewayMeters;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.protocol.GatewayProtocol;
import org.openlockbox.gateway.protocol.GatewayServices;
import org.openlockbox.gateway.protocol.LoginTurns;
import org.openlockbox.gateway.recorder.EntrySigner;
import org.openlockbox.gateway.recorder.Recorder;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.resource.ProtectedResource;
import org.openlockbox.gateway.resource.ProtectedResources;
import org.openlockbox.gateway.resource.Protection;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.trace.GatewayTraces;
import org.openlockbox.gateway.trace.TracedStep;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.tlog.tree.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The policy enforcement point: lets engineers into protected services for as long as a customer's
/// signature says, records every operation before its result is released, and stops in time. How
/// clients log in and what they say there is the business of its protocols.
///
/// Keeps nothing on disk. A crash ends its sessions with their sockets; logins that are left are
/// removed when the same gateway starts again, and have no access after their own expiry anyway.
public final class LockboxGateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LockboxGateway.class);

  private static final double NANOS = 1e9;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<Integer> ports = new ArrayList<>();
  private final DeferredLease late = new DeferredLease();
  private final List<GatewayProtocol> protocols;
  private final ProtectedResources resources;
  private final Admission admission;
  private final AlarmDelivery alarms;
  private final Recorder recorder;
  private final LiveSessions sessions;
  private final Clocks clocks;
  private final GatewayMeters meters = new GatewayMeters();
  private final GatewayTraces traces = new GatewayTraces();
  private final FenceStates fences = new FenceStates(meters);

  private LockboxGateway(
      GatewayConfig config,
      GatewayIdentity identity,
      ControlPlane controlPlane,
      Clocks clocks,
      List<GatewayProtocol.Factory> factories)
      throws IOException {
    SecureRandom random = new SecureRandom();
    this.clocks = clocks;
    protocols = started(factories, identity, clocks::nanoTime);
    resources = new ProtectedResources(resources());
    recorder = new Recorder(controlPlane, signer(config, identity), recordListener());
    parts.push(recorder.start());
    Witnessing witnessing = new Witnessing(controlPlane, clocks, clocks::nanoTime);
    parts.push(witnessing);
    SocketStates states = SocketStates.ofMachine();
    sessions =
        new LiveSessions(
            controlPlane,
            recorder,
            new LiveSessions.SessionConditions(late::newest, witnessing::holds, Protection::holds),
            config.limits(),
            clocks,
            states,
            random,
            meters,
            traces);
    alarms = alarms(config, controlPlane, clocks);
    admission =
        new Admission(
            controlPlane,
            resources,
            config.credential(),
            config.pins(),
            new CelConditions(),
            witnessing,
            alarms::raise,
            late::comes,
            clocks,
            random);
    start(lease(controlPlane, sessions, admission, clocks));
    parts.push(sessions.start());
    witnessing.start(sessions::grants);
    listen(services(controlPlane, new LoginTurns(clocks::nanoTime, states), random));
    measure();
  }

  private GatewayServices services(
      ControlPlane controlPlane, LoginTurns turns, SecureRandom random) {
    return new GatewayServices(
        controlPlane, admission, sessions, turns, clocks::nanoTime, clocks, meters, traces, random);
  }

  private Recorder.RecordListener recordListener() {
    return new Recorder.RecordListener() {
      @Override
      public void queued(EntryBody body) {
        meters.queued(body);
      }

      @Override
      public void durable(long nanos) {
        meters.durable(nanos);
      }

      @Override
      public void sent(int entries) {
        meters.sent(entries);
      }

      @Override
      public TracedStep sending(List<SpanContext> traced) {
        return traces.append(traced);
      }
    };
  }

  private void measure() {
    meters.gauge("lockbox.gateway.sessions", "Sessions that are open", sessions::count);
    meters.gauge(
        "lockbox.gateway.ready",
        "1 while this gateway takes sessions",
        () -> condition().isReady() ? 1 : 0);
    meters.gauge(
        "lockbox.gateway.lease.age.seconds",
        "Seconds since the question was sent whose answer is the lease",
        () -> clocks.read().atMostSince(late.newest().sent()) / NANOS);
    meters.gauge(
        "lockbox.gateway.queue.bytes", "Bytes that wait for the log", recorder::waitingBytes);
    meters.gauge(
        "lockbox.gateway.logs.stalled",
        "Tenants' logs that cannot be written while others can",
        recorder::stalledLogs);
    fences.watch(resources.all());
    parts.push(fences.start());
  }

  /// Has this registry read all figures of the gateway.
  public void measuredBy(MeterRegistry reader) {
    meters.readBy(reader);
  }

  /// Has this tracer write all spans of the gateway that begin from now on.
  public void tracedBy(Tracer writer) {
    traces.writeBy(writer);
  }

  private void listen(GatewayServices services) throws IOException {
    for (GatewayProtocol each : protocols) {
      ports.add(each.listen(services));
      parts.push(each::stopListening);
    }
  }

  private List<GatewayProtocol> started(
      List<GatewayProtocol.Factory> factories, GatewayIdentity identity, LongSupplier nanoTime)
      throws IOException {
    List<GatewayProtocol> protocols = new ArrayList<>();
    for (GatewayProtocol.Factory each : factories) {
      GatewayProtocol protocol = each.create(identity, nanoTime);
      parts.push(protocol);
      protocols.add(protocol);
    }
    protocols.forEach(GatewayProtocol::start);
    return protocols;
  }

  private List<? extends ProtectedResource> resources() {
    return protocols.stream().flatMap(each -> each.resources().stream()).toList();
  }

  private void start(Lease lease) {
    late.is(lease);
    parts.push(lease.start());
  }

  /// What ends by it, ends first, and then for good.
  private Lease lease(
      ControlPlane controlPlane, LiveSessions sessions, Admission admission, Clocks clocks) {
    RequestEnds ends = new RequestEnds(admission, sessions::permits, clocks);
    parts.push(ends.start());
    Lease.LeaseListener heeded =
        new Lease.LeaseListener() {
          @Override
          public void renewed(LeaseAnswer answer) {
            ends.heed(answer); // of sessions that are still there
            sessions.heed(answer);
          }

          @Override
          public void refused() {
            sessions.endAll(EndReason.CERTIFICATE_REFUSED);
          }
        };
    return new Lease(controlPlane, sessions::watched, heeded, clocks);
  }

  private AlarmDelivery alarms(
      GatewayConfig config, ControlPlane controlPlane, InstantSource clock) {
    List<LogMemory> memories =
        resources.all().stream()
            .flatMap(each -> each.places().stream())
            .<LogMemory>map(Protection::memory)
            .toList();
    AlarmDelivery delivery =
        new AlarmDelivery(
            config.id(),
            controlPlane,
            config.alarms(),
            tenant ->
                resources.all().stream()
                    .flatMap(each -> each.of(tenant).stream())
                    .<LogMemory>map(Protection::memory)
                    .findFirst(),
            memories,
            clock);
    parts.push(delivery.start());
    return delivery;
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
  /// @throws ControlPlane.CertificateRefused when it does not accept the gateway's certificate
  public static LockboxGateway start(GatewayConfig config, List<GatewayProtocol.Factory> protocols)
      throws IOException {
    GatewayIdentity identity = GatewayIdentity.starting(config.id(), new SecureRandom());
    GatewayConfig.ControlPlaneEndpoint door = config.controlPlane();
    Clocks clocks = Clocks.ofMachine(InstantSource.system());
    HttpControlPlane controlPlane =
        new HttpControlPlane(
            identity,
            config.credential(),
            door.server(),
            door.tls(),
            door.token(),
            new GatewayAgent(GatewayVersion.running(), door.region()),
            door.here(),
            clocks::nanoTime);
    try {
      controlPlane.lease(List.of());
    } catch (ControlPlane.NoReply e) {
      LOG.warn("the control plane cannot be reached yet: {}", e.getMessage());
    }
    LockboxGateway gateway = start(config, identity, controlPlane, clocks, protocols);
    gateway.parts.addLast(controlPlane);
    return gateway;
  }

  /// Starts a gateway with a control plane and clocks of the caller's.
  public static LockboxGateway start(
      GatewayConfig config,
      GatewayIdentity identity,
      ControlPlane controlPlane,
      Clocks clocks,
      List<GatewayProtocol.Factory> protocols)
      throws IOException {
    LockboxGateway gateway = new LockboxGateway(config, identity, controlPlane, clocks, protocols);
    List<Integer> listening = gateway.ports.stream().filter(port -> port > 0).toList();
    LOG.info("gateway {} listens on {}", config.id(), listening);
    return gateway;
  }

  /// The port that clients of its first protocol connect to.
  public int port() {
    return ports.getFirst();
  }

  /// Whether it can do its work now. Asks nobody.
  public GatewayCondition condition() {
    List<String> stopped = new ArrayList<>();
    if (!recorder.isRunning()) {
      stopped.add("recording");
    }
    if (!late.isRunning()) {
      stopped.add("renewing the lease");
    }
    if (!protocols.stream().allMatch(GatewayProtocol::isRunning)) {
      stopped.add("serving clients");
    }
    return new GatewayCondition(
        late.newest().isGoodOrWas(clocks.read(), Lease.COMES_WITHIN),
        sessions.isDraining(),
        sessions.count(),
        stopped);
  }

  /// Goes on with the newest configuration of its protocols, and with these pins and receivers of
  /// alarms. Sessions that are open notice nothing.
  public void reload(Map<TenantId, Hash> pins, Map<TenantId, List<AlarmReceiver>> receivers) {
    protocols.forEach(GatewayProtocol::reload);
    resources.replace(resources());
    admission.pin(pins);
    alarms.tell(receivers);
    fences.watch(resources.all());
  }

  /// Is not ready from now on, so that load balancers send nobody; who comes all the same is let in
  /// until [#drain].
  public void leave() {
    sessions.leave();
  }

  /// Takes no new sessions from now on and tells the open ones, which go on.
  ///
  /// @param notice what clients are told
  public void drain(ClientNotice notice) {
    sessions.drain(notice);
  }

  /// What open sessions were let in to.
  public List<Permit> permits() {
    return sessions.permits();
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
  private static final class DeferredLease {
    private volatile @Nullable Lease lease;

    void is(Lease made) {
      lease = made;
    }

    LeaseTerm newest() {
      Lease made = lease;
      return made == null ? LeaseTerm.NONE : made.newest();
    }

    boolean isRunning() {
      Lease made = lease;
      return made != null && made.isRunning();
    }

    boolean comes() {
      Lease made = lease;
      return made != null && made.comes();
    }
  }
}
