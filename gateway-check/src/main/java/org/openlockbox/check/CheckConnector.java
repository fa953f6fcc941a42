package org.openlockbox.check;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.openlockbox.http.socket.HttpsListener;
import org.openlockbox.http.socket.ServerTls;

/// Listens to callers: TLS always, then HTTP/1.1 read strictly. A caller may show a certificate.
final class CheckConnector extends ServerConnector {
  private static final int MOST_CONNECTIONS = 1_000;
  private static final Duration SILENT_FOR = Duration.ofSeconds(60);
  private static final Duration KNOWN_WITHIN = Duration.ofSeconds(10);

  CheckConnector(Server server, ServerTls tls) {
    super(server, 1, 1, tls.connections(), http());
    setIdleTimeout(SILENT_FOR.toMillis());
    server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, this));
  }

  @Override
  protected AnswerEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    AnswerEndPoint made = new AnswerEndPoint(channel, selector, key, getScheduler());
    made.setIdleTimeout(getIdleTimeout());
    made.closesWithin(KNOWN_WITHIN);
    return made;
  }

  private static HttpConnectionFactory http() {
    HttpConfiguration strict = HttpsListener.strict();
    // some proxies ask with the host of the request that they hold, which is not ours
    strict.addCustomizer(new SecureRequestCustomizer(false));
    return new HttpConnectionFactory(strict);
  }
}
