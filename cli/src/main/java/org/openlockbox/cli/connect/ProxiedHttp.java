package org.openlockbox.cli.connect;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;

/// For programs that speak no TLS, or cannot be given the gateway's authority. Everything goes on
/// unchanged in both directions, so a request needs the token as it does at the gateway: who
/// reaches this port without it, a page in a browser for example, gets nothing more than there.
public final class ProxiedHttp implements ProxiedProtocol {
  private static final String HTTP = "http/1.1";

  private final ServiceLogin login;
  private final Consumer<String> complain;

  /// @param complain is told why the gateway cannot be reached
  public ProxiedHttp(ServiceLogin login, Consumer<String> complain) {
    this.login = login;
    this.complain = complain;
  }

  @Override
  public void serve(Socket client) throws IOException {
    client.setSoTimeout(0);
    try (SSLSocket gateway = gateway()) {
      gateway.setSoTimeout(0);
      Thread.ofVirtual().start(() -> copy(client, gateway));
      InputStream answers = gateway.getInputStream();
      OutputStream out = client.getOutputStream();
      answers.transferTo(out);
    }
  }

  private SSLSocket gateway() throws IOException {
    try {
      return GatewayConnection.dial(
          login.base().getHost(), login.base().getPort(), login.caPem(), HTTP);
    } catch (IOException unreachable) {
      complain.accept("the gateway cannot be reached: " + unreachable.getMessage());
      throw unreachable;
    }
  }

  /// From the client to the gateway; when the client leaves, the gateway is told by the end.
  private static void copy(Socket client, SSLSocket gateway) {
    try (client;
        gateway) {
      client.getInputStream().transferTo(gateway.getOutputStream());
    } catch (IOException ended) {
      // one of the two has gone
    }
  }
}
