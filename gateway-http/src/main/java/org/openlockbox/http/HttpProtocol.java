package org.openlockbox.http;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.protocol.GatewayProtocol;
import org.openlockbox.gateway.protocol.GatewayServices;
import org.openlockbox.http.assertion.AssertionKeys;
import org.openlockbox.http.assertion.Assertions;
import org.openlockbox.http.browser.BrowserLaunches;
import org.openlockbox.http.exchange.GatewayHandler;
import org.openlockbox.http.exchange.Upstreams;
import org.openlockbox.http.resource.HttpResource;
import org.openlockbox.http.session.HttpSessions;
import org.openlockbox.http.socket.GatedConnector;
import org.openlockbox.http.socket.HttpsListener;
import org.openlockbox.http.socket.ServerTls;
import org.openlockbox.http.websocket.WebSocketUpgrades;

/// HTTP on a gateway. Each request is recorded before it is forwarded, and held against the routes
/// of its resource; its answer passes the gate of its session at the socket.
public final class HttpProtocol implements GatewayProtocol {
  private static final int THREADS = 8;

  private final Supplier<HttpConfig> newest;
  private final GatewayIdentity identity;
  private final LongSupplier nanoTime;
  private final Upstreams upstreams;
  private volatile List<HttpResource> resources;
  private volatile AssertionKeys assertionKeys;
  private @Nullable HttpsListener listener;
  private @Nullable HttpSessions sessions;

  private HttpProtocol(
      Supplier<HttpConfig> newest, GatewayIdentity identity, LongSupplier nanoTime) {
    HttpConfig config = newest.get();
    this.newest = newest;
    this.identity = identity;
    this.assertionKeys = config.assertionKeys();
    this.nanoTime = nanoTime;
    this.resources = config.resources().apply(nanoTime);
    this.upstreams = new Upstreams(config.trust());
  }

  /// Makes the protocol for a start of the gateway. Its resources and its certificate may be others
  /// at each [#reload].
  public static GatewayProtocol.Factory of(Supplier<HttpConfig> newest) {
    return (identity, nanoTime) -> new HttpProtocol(newest, identity, nanoTime);
  }

  @Override
  public Collection<HttpResource> resources() {
    return resources;
  }

  @Override
  public void start() {}

  @Override
  public int listen(GatewayServices services) throws IOException {
    HttpConfig config = newest.get();
    HttpSessions live = new HttpSessions(services, config.idle());
    sessions = live;
    ServerTls tls = new ServerTls(config.identity());
    HttpsListener made =
        new HttpsListener(
            "http",
            THREADS,
            tls,
            server -> new GatedConnector(server, tls, config.logins(), services.nanoTime()));
    var assertions = new Assertions(identity.id(), () -> assertionKeys, services.clock());
    int port =
        made.start(
            config.listen(),
            new GatewayHandler(
                live,
                upstreams,
                new WebSocketUpgrades(made.server()),
                assertions,
                new GatewayHandler.BrowserEntrance(
                    config.sessionHosts(),
                    new BrowserLaunches(services.random(), services.nanoTime()))));
    listener = made;
    return port;
  }

  @Override
  public void reload() {
    HttpConfig config = newest.get();
    resources = config.resources().apply(nanoTime);
    assertionKeys = config.assertionKeys();
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
    HttpSessions live = sessions;
    if (live != null) {
      live.close();
    }
    try {
      HttpsListener listening = listener;
      if (listening != null) {
        listening.close();
      }
    } finally {
      upstreams.close();
    }
  }
}
