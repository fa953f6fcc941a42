package org.openlockbox.cli.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Consumer;
import org.openlockbox.core.canonical.Bytes;

/// For programs that speak neither TLS nor SCRAM. Whoever comes has to say a password that was made
/// for this proxy and is kept nowhere; then a connection to the gateway is opened for them, and
/// everything goes on unchanged in both directions.
public final class ProxiedPostgres implements ProxiedProtocol {
  /// What may come: a question for TLS, one for GSSAPI, the start-up.
  private static final int MOST_PACKETS = 3;

  private final GatewayLogin login;
  private final SecureRandom random;
  private final Consumer<String> complain;
  private final String password;

  /// @param complain is told why the gateway let nobody in
  public ProxiedPostgres(GatewayLogin login, SecureRandom random, Consumer<String> complain) {
    this.login = login;
    this.random = random;
    this.complain = complain;
    byte[] secret = new byte[24];
    random.nextBytes(secret);
    this.password = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  /// What a program has to say here. It opens nothing elsewhere.
  public String password() {
    return password;
  }

  @Override
  public void serve(Socket client) throws IOException {
    var in = new DataInputStream(client.getInputStream());
    OutputStream out = client.getOutputStream();
    for (int packets = 0; packets < MOST_PACKETS; packets++) {
      Bytes packet = Bytes.of(PostgresFrames.body(in));
      switch (ByteBuffer.wrap(packet.toArray()).getInt()) {
        case PostgresFrames.TLS, PostgresFrames.GSS -> out.write('N');
        case PostgresFrames.CANCEL -> {
          passCancel(packet);
          return;
        }
        default -> {
          letIn(client, StartupMessages.parse(packet), in, out);
          return;
        }
      }
    }
  }

  /// The key in it is the gateway's own, which knows what to do with it.
  private void passCancel(Bytes packet) throws IOException {
    try (GatewayConnection gateway = GatewayConnection.open(login)) {
      gateway.send(PostgresFrames.packet(packet.toArray()));
      gateway.in().readNBytes(1);
    }
  }

  private void letIn(Socket client, StartupMessages startUp, DataInputStream in, OutputStream out)
      throws IOException {
    out.write(PostgresFrames.askPassword());
    boolean says = in.readByte() == 'p';
    byte[] said = PostgresFrames.body(in);
    if (!says || !MessageDigest.isEqual(said, (password + "\0").getBytes(UTF_8))) {
      out.write(
          PostgresFrames.fatal("28P01", "that is not the password that lockbox proxy printed"));
      return;
    }
    client.setSoTimeout(0);
    GatewayConnection gateway;
    try {
      gateway = GatewayConnection.open(login);
    } catch (IOException unreachable) {
      complain.accept("the gateway cannot be reached: " + unreachable.getMessage());
      out.write(
          PostgresFrames.fatal(
              "57P03", "the gateway cannot be reached, or is not the one that the login is for"));
      throw unreachable;
    }
    try (gateway) {
      if (gateway.logIn(startUp, out, random)) {
        Thread.ofVirtual().start(() -> copy(in, gateway, client));
        gateway.in().transferTo(out);
      }
    }
  }

  /// From the client to the gateway; when the client leaves, the gateway is told by the end.
  private static void copy(InputStream in, GatewayConnection gateway, Socket client) {
    try (client;
        gateway) {
      in.transferTo(gateway.out());
    } catch (IOException ended) {
      // one of the two has gone
    }
  }
}
