package org.openlockbox.gateway;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.gateway.admission.Admission;
import org.openlockbox.gateway.admission.RequestEnds;
import org.openlockbox.gateway.admission.Witnessing;
import org.openlockbox.gateway.alarm.AlarmDelivery;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.controlplane.HttpControlPlane;
import org.openlockbox.gateway.controlplane.Lease;
import org.openlockbox.gateway.controlplane.LeaseAnswer;
import org.openlockbox.gateway.controlplane.LeaseTerm;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.protocol.GatewayProtocol;
import org.openlockbox.gateway.protocol.GatewayServices;
import org.openlockbox.gateway.recorder.EntrySigner;
import org.openlockbox.gateway.recorder.Recorder;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.resource.ProtectedResource;
import org.openlockbox.gateway.resource.Protection;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.policy.CelConditions;
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

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<Integer> ports = new ArrayList<>();

  private LockboxGateway(
      GatewayConfig config,
      GatewayIdentity identity,
      ControlPlane controlPlane,
      Clocks clocks,
      List<GatewayProtocol.Factory> factories)
      throws IOException {
    SecureRandom random = new SecureRandom();
    LongSupplier nanoTime = clocks::nanoTime;
    List<GatewayProtocol> protocols = started(factories, identity, nanoTime);
    Map<ResourceId, ProtectedResource> resources = resources(protocols);
    Recorder recorder = new Recorder(controlPlane, signer(config, identity));
    parts.push(recorder.start());
    DeferredLease late = new DeferredLease();
    Witnessing witnessing = new Witnessing(controlPlane, clocks, nanoTime);
    parts.push(witnessing);
    LiveSessions sessions =
        new LiveSessions(
            controlPlane,
            recorder,
            new LiveSessions.SessionConditions(late::newest, witnessing::holds, Protection::holds),
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
    var services = new GatewayServices(controlPlane, admission, sessions, nanoTime);
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

  private static Map<ResourceId, ProtectedResource> resources(List<GatewayProtocol> protocols) {
    Map<ResourceId, ProtectedResource> resources = new HashMap<>();
    for (GatewayProtocol protocol : protocols) {
      for (ProtectedResource each : protocol.resources()) {
        if (resources.put(each.id(), each) != null) {
          throw new IllegalArgumentException("two resources have the id " + each.id());
        }
      }
    }
    return resources;
  }

  private void start(Lease lease, DeferredLease late) {
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
      GatewayConfig config,
      ControlPlane controlPlane,
      Map<ResourceId, ProtectedResource> resources,
      InstantSource clock) {
    List<LogMemory> memories =
        resources.values().stream()
            .flatMap(each -> each.places().stream())
            .<LogMemory>map(Protection::memory)
            .toList();
    AlarmDelivery alarms =
        new AlarmDelivery(
            config.id(),
            controlPlane,
            config.alarms(),
            tenant ->
                resources.values().stream()
                    .flatMap(each -> each.of(tenant).stream())
                    .<LogMemory>map(Protection::memory)
                    .findFirst(),
            memories,
            clock);
    parts.push(alarms.start());
    return alarms;
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
    LOG.info("gateway {} listens on {}", config.id(), gateway.ports);
    return gateway;
  }

  /// The port that clients of its first protocol connect to.
  public int port() {
    return ports.getFirst();
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

    boolean comes() {
      Lease made = lease;
      return made != null && made.comes();
    }
  }
}
