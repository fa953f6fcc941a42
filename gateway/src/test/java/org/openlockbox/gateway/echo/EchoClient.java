package org.openlockbox.gateway.echo;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.LongSupplier;
import org.openlockbox.gateway.session.Client;
import org.openlockbox.gateway.session.SessionParts;

/// A client that was let in. Its thread looks by itself at what has to wait.
record EchoClient(Socket socket, BufferedReader in, EchoService service, LongSupplier nanoTime)
    implements Client {
  @Override
  public InetAddress address() {
    return socket.getInetAddress();
  }

  @Override
  public String application() {
    return "echo";
  }

  @Override
  public void wake() {}

  @Override
  public EchoTraffic traffic(SessionParts parts) {
    return new EchoTraffic(this, parts);
  }
}
