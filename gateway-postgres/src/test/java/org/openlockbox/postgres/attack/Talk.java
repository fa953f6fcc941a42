package org.openlockbox.postgres.attack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.postgres.Wire;

/// A logged-in connection on which a test says any bytes, and what came back, in short: the types
/// of the messages, errors with their SQLSTATE, rows with their first value.
public final class Talk implements AutoCloseable {
  private static final String ALIVE = "alive";

  private final Connection connection;
  private final Socket socket;
  private final DataInputStream in;

  Talk(Connection connection) throws IOException {
    this.connection = connection;
    this.socket = Wire.socket(connection);
    socket.setSoTimeout(60_000);
    this.in = new DataInputStream(socket.getInputStream());
  }

  /// Says this, then asks whether the session is still alive: `alive`, `closed` or `silent` ends
  /// the answer.
  String answer(byte[]... said) {
    List<String> heard = new ArrayList<>();
    try {
      send(said);
      send(sync(), Wire.query("select '" + ALIVE + "'"));
      while (heard.isEmpty() || !heard.getLast().equals("D:" + ALIVE)) {
        next().ifPresent(heard::add);
      }
      heard.removeLast(); // its row
      heard.removeLast(); // its description
      heard.removeLast(); // the Sync's answer
      heard.add(ALIVE);
    } catch (SocketTimeoutException e) {
      heard.add("silent");
    } catch (IOException e) {
      heard.add("closed");
    }
    return String.join(" ", heard);
  }

  void send(byte[]... messages) throws IOException {
    var all = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      all.writeBytes(message);
    }
    socket.getOutputStream().write(all.toByteArray());
    socket.getOutputStream().flush();
  }

  /// The next message in short; empty for a notice or a changed setting.
  Optional<String> next() throws IOException {
    char type = (char) in.readByte();
    byte[] body = new byte[in.readInt() - 4];
    in.readFully(body);
    return switch (type) {
      case 'N', 'S' -> Optional.empty();
      case 'E' -> Optional.of("E" + state(body));
      case 'D' -> Optional.of("D:" + firstValue(body));
      default -> Optional.of(String.valueOf(type));
    };
  }

  private static String state(byte[] body) {
    String text = new String(body, UTF_8);
    int at = text.indexOf("\0C");
    return text.substring(at + 2, at + 7);
  }

  private static String firstValue(byte[] body) {
    var row = ByteBuffer.wrap(body);
    if (row.getShort() == 0) {
      return "";
    }
    byte[] value = new byte[Math.max(0, row.getInt())];
    row.get(value);
    return new String(value, UTF_8);
  }

  /// Everything that comes until the session is over.
  List<String> rest() {
    List<String> heard = new ArrayList<>();
    try {
      while (true) {
        next().ifPresent(heard::add);
      }
    } catch (IOException e) {
      return heard;
    }
  }

  /// Hangs up without a goodbye.
  @Override
  public void close() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public static byte[] parse(String name, String sql) {
    return Wire.message('P', joined(text(name), text(sql), new byte[2]));
  }

  /// A Bind without parameters.
  public static byte[] bind(String portal, String statement) {
    return Wire.message('B', joined(text(portal), text(statement), new byte[6]));
  }

  public static byte[] execute(String portal, int rows) {
    return Wire.message('E', joined(text(portal), ByteBuffer.allocate(4).putInt(rows).array()));
  }

  public static byte[] describe(char kind, String name) {
    return Wire.message('D', joined(new byte[] {(byte) kind}, text(name)));
  }

  public static byte[] close(char kind, String name) {
    return Wire.message('C', joined(new byte[] {(byte) kind}, text(name)));
  }

  public static byte[] sync() {
    return Wire.message('S', new byte[0]);
  }

  public static byte[] flush() {
    return Wire.message('H', new byte[0]);
  }

  public static byte[] copyData(String data) {
    return Wire.message('d', data.getBytes(UTF_8));
  }

  public static byte[] copyDone() {
    return Wire.message('c', new byte[0]);
  }

  public static byte[] text(String text) {
    return (text + "\0").getBytes(UTF_8);
  }

  public static byte[] joined(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
