package org.openlockbox.client;

import java.io.IOException;
import java.util.List;
import org.openlockbox.client.resource.ApplicationPlace;
import org.openlockbox.client.resource.ApplicationResource;
import org.openlockbox.client.session.AccessOpening;
import org.openlockbox.client.session.ApplicationSessions;
import org.openlockbox.client.session.CallOrigin;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.gateway.LockboxGateway;
import org.openlockbox.gateway.application.ApplicationSpec;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.condition.GatewayCondition;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.login.BearerToken;
import org.openlockbox.gateway.protocol.GatewayProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A gateway inside an application. It verifies signatures, history and pin itself, holds a lease,
/// records each action before its answer is released, and ends sessions on revocation, like every
/// gateway: it is one, without a socket that anybody dials.
///
/// That the application shows nothing which was not released here rests on the application.
public final class LockboxClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LockboxClient.class);

  private final LockboxGateway gateway;
  private final ApplicationProtocol protocol;
  private final ClientConfig config;

  private LockboxClient(LockboxGateway gateway, ApplicationProtocol protocol, ClientConfig config) {
    this.gateway = gateway;
    this.protocol = protocol;
    this.config = config;
  }

  private interface GatewayStart {
    LockboxGateway with(List<GatewayProtocol.Factory> protocols) throws IOException;
  }

  /// Starts one that speaks to the control plane over HTTPS. Waits for nobody: the control plane
  /// may come later.
  ///
  /// @throws ControlPlane.TokenRefused if it does not know this gateway
  /// @throws ControlPlane.CertificateRefused if it does not accept the gateway's certificate
  public static LockboxClient start(ClientConfig config) throws IOException {
    return start(config, protocols -> LockboxGateway.start(config.gateway(), protocols));
  }

  /// Starts one with a control plane and clocks of the caller's.
  public static LockboxClient start(
      ClientConfig config, GatewayIdentity identity, ControlPlane controlPlane, Clocks clocks)
      throws IOException {
    return start(
        config,
        protocols ->
            LockboxGateway.start(config.gateway(), identity, controlPlane, clocks, protocols));
  }

  private static LockboxClient start(ClientConfig config, GatewayStart gateway) throws IOException {
    List<ApplicationResource> resources =
        config.resources().stream()
            .map(each -> new ApplicationResource(new ApplicationPlace(each, config.memory())))
            .toList();
    var protocol = new ApplicationProtocol(resources, config.idle());
    return new LockboxClient(gateway.with(List.of((_, _) -> protocol)), protocol, config);
  }

  /// The session of this token for a resource of the application; opens it if there is none. May
  /// wait for the control plane.
  public AccessOpening open(BearerToken token, ResourceId resource, CallOrigin from) {
    ApplicationSessions sessions = protocol.sessions();
    return sessions.open(token, resource, from);
  }

  /// What the catalogue lists of the application.
  public List<ApplicationSpec> resources() {
    return config.resources();
  }

  /// Whether it can do its work now. Asks nobody.
  public GatewayCondition condition() {
    return gateway.condition();
  }

  /// Ends all sessions, writes their last entries and lets the memory go. May take some seconds.
  @Override
  public void close() {
    gateway.close();
    if (config.memory() instanceof AutoCloseable open) {
      try {
        open.close();
      } catch (Exception e) {
        LOG.warn("while stopping: {}", e.getMessage());
      }
    }
  }
}
