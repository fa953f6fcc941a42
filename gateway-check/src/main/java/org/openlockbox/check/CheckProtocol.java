package org.openlockbox.check;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.check.authzen.AuthzenApi;
import org.openlockbox.check.caller.CheckCallers;
import org.openlockbox.check.forward.ForwardAuth;
import org.openlockbox.check.resource.CheckResource;
import org.openlockbox.check.session.AccessCheck;
import org.openlockbox.check.session.CheckSessions;
import org.openlockbox.gateway.protocol.GatewayProtocol;
import org.openlockbox.gateway.protocol.GatewayServices;
import org.openlockbox.http.socket.HttpsListener;
import org.openlockbox.http.socket.ServerTls;

/// Checks on a gateway: services ask by the AuthZEN API, proxies before they forward a request.
/// Each yes rests on the same proofs as any session, and is on record before it is given.
public final class CheckProtocol implements GatewayProtocol {
  private static final int THREADS = 6;

  private final Supplier<CheckConfig> newest;
  private volatile List<CheckResource> resources;
  private volatile CheckCallers callers;
  private @Nullable HttpsListener listener;
  private @Nullable CheckSessions sessions;

  private CheckProtocol(Supplier<CheckConfig> newest) {
    CheckConfig config = newest.get();
    this.newest = newest;
    this.resources = config.resources();
    this.callers = config.callers();
  }

  /// Makes the protocol for a start of the gateway. Its resources, its callers and its certificate
  /// may be others at each [#reload].
  public static GatewayProtocol.Factory of(Supplier<CheckConfig> newest) {
    return (_, _) -> new CheckProtocol(newest);
  }

  @Override
  public Collection<CheckResource> resources() {
    return resources;
  }

  @Override
  public void start() {}

  @Override
  public int listen(GatewayServices services) throws IOException {
    CheckConfig config = newest.get();
    CheckSessions live = new CheckSessions(services, config.idle());
    sessions = live;
    ServerTls tls = ServerTls.wantingCertificates(config.identity());
    HttpsListener made =
        new HttpsListener("check", THREADS, tls, server -> new CheckConnector(server, tls));
    AccessCheck checks = new AccessCheck(services, live);
    int port =
        made.start(
            config.listen(),
            new CheckHandler(
                new AuthzenApi(config.url(), checks, this::resources),
                new ForwardAuth(checks, this::resources),
                () -> callers,
                services.nanoTime()));
    listener = made;
    return port;
  }

  @Override
  public void reload() {
    CheckConfig config = newest.get();
    resources = config.resources();
    callers = config.callers();
    HttpsListener listening = listener;
    if (listening != null) {
      listening.show(config.identity());
    }
  }

  @Override
  public boolean isRunning() {
    HttpsListener listening = listener;
    return listening == null || listening.isRunning();
  }

  @Override
  public void stopListening() {
    HttpsListener listening = listener;
    if (listening != null) {
      listening.stopListening();
    }
  }

  @Override
  public void close() {
    CheckSessions live = sessions;
    if (live != null) {
      live.close();
    }
    HttpsListener listening = listener;
    if (listening != null) {
      listening.close();
    }
  }
}
