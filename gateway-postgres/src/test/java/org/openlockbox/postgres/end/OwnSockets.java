package org.openlockbox.postgres.end;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.SocketFactory;
import org.openlockbox.gateway.testing.end.ByteRecorder;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.Wire;

/// Makes the sockets of pgjdbc from channels, with a receive buffer of the size that its argument
/// says; 0 leaves it to the system.
public final class OwnSockets extends SocketFactory {
  private static final String STREAM =
      "copy (select repeat('x', 1000), generate_series(1, 1000000000)) to stdout";

  /// At most 250 rows a second.
  private static final String STEADY =
      "copy (select repeat('x', 1000), pg_sleep(0.004), generate_series(1, 1000000000)) to stdout";

  private static final List<SocketChannel> MADE = new CopyOnWriteArrayList<>();

  private final int receive;

  /// Logs in, with a receive buffer of so many bytes.
  static Connection connect(String url, String user, int receive) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", GatewayFixture.PASSWORD);
    properties.setProperty("socketFactory", OwnSockets.class.getName());
    properties.setProperty("socketFactoryArg", Integer.toString(receive));
    return DriverManager.getConnection(url, properties);
  }

  /// Asks for rows without end. The connection can be used for nothing else from then on, and is to
  /// be kept: pgjdbc closes one that nobody has.
  static ByteRecorder.Track stream(Connection connection, int slow) throws IOException {
    return stream(connection, slow, STREAM);
  }

  /// The same, at a pace that leaves the machine time for others.
  static ByteRecorder.Track steadyStream(Connection connection) throws IOException {
    return stream(connection, 0, STEADY);
  }

  private static ByteRecorder.Track stream(Connection connection, int slow, String sql)
      throws IOException {
    Socket socket = Wire.socket(connection);
    SocketChannel channel = channel(socket.getLocalPort());
    socket.getOutputStream().write(Wire.query(sql));
    socket.getOutputStream().flush();
    return new ByteRecorder.Track(channel, slow);
  }

  private static SocketChannel channel(int port) {
    SocketChannel found =
        MADE.stream()
            .filter(each -> each.socket().getLocalPort() == port)
            .findFirst()
            .orElseThrow();
    MADE.remove(found);
    return found;
  }

  public OwnSockets(String receive) {
    this.receive = Integer.parseInt(receive);
  }

  @Override
  public Socket createSocket() {
    try {
      SocketChannel channel = SocketChannel.open();
      if (receive > 0) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, receive);
      }
      MADE.add(channel);
      return channel.socket();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
    throw new UnsupportedOperationException();
  }
}
