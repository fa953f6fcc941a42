package org.openlockbox.gateway.echo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.history.ConnectCheck;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.gate.SocketStates;
import org.openlockbox.gateway.login.Listener;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.gateway.login.LoginLookups;
import org.openlockbox.gateway.login.LoginProgress;
import org.openlockbox.gateway.protocol.GatewayProtocol;
import org.openlockbox.gateway.protocol.GatewayServices;

/// A line protocol: `USER TOKEN PLACE` logs in, then each line is answered with itself. All that
/// PostgreSQL's protocol does for the gateway, in its smallest form.
final class EchoProtocol implements GatewayProtocol {
  private final EchoService service;
  private final EchoPlace place;
  private @Nullable Listener listener;

  EchoProtocol(EchoService service, EchoPlace place) {
    this.service = service;
    this.place = place;
  }

  @Override
  public Collection<EchoPlace> resources() {
    return List.of(place);
  }

  @Override
  public void start() {}

  @Override
  public int listen(GatewayServices services) throws IOException {
    var lookups = new LoginLookups(services.controlPlane());
    listener =
        new Listener(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                LoginLimits.STANDARD,
                services.nanoTime(),
                Thread.ofVirtual().factory(),
                (socket, login) -> receive(socket, login, lookups, services))
            .start();
    return listener.port();
  }

  private boolean receive(
      Socket socket, LoginProgress login, LoginLookups lookups, GatewayServices services)
      throws IOException {
    var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    String[] words = String.valueOf(in.readLine()).split(" ", -1);
    login.heard();
    Optional<ConnectOffer> offer = lookups.find(words[0]);
    if (words.length != 3 || offer.filter(each -> knows(each, words[1])).isEmpty()) {
      return refuse(socket, "wrong user or token");
    }
    login.over();
    return services.admit(
        offer.get(),
        Optional.of(ends(socket)),
        words[0],
        words[2],
        decision ->
            switch (decision) {
              case Deny(var reason, String message, String hint) ->
                  refuse(socket, reason + ": " + message + ". " + hint);
              case Permit permit -> {
                var client = new EchoClient(socket, in, service, services.nanoTime());
                Optional<Deny> noRoom = services.sessions().open(permit, client);
                yield noRoom.isEmpty() || refuse(socket, noRoom.get().message());
              }
            });
  }

  private static SocketStates.Endpoints ends(Socket socket) {
    return new SocketStates.Endpoints(
        (InetSocketAddress) socket.getLocalSocketAddress(),
        (InetSocketAddress) socket.getRemoteSocketAddress());
  }

  private static boolean knows(ConnectOffer offer, String token) {
    return ConnectCheck.parse(offer.envelope()).credential() instanceof Credential.Token(var digest)
        && Bytes.ofUtf8(token).sha256().equals(digest);
  }

  private static boolean refuse(Socket socket, String why) throws IOException {
    socket.getOutputStream().write(("refused " + why + "\n").getBytes(UTF_8));
    return false;
  }

  @Override
  public void stopListening() {
    try {
      if (listener != null) {
        listener.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {}
}
