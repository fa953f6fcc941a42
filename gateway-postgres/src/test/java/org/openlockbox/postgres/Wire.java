package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Arrays;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.postgres.wire.CancelKey;

/// The stream below pgjdbc, so that a test can say what no driver would.
public final class Wire {
  private Wire() {}

  public static OutputStream of(Connection connection) throws IOException {
    return socket(connection).getOutputStream();
  }

  public static byte[] message(char type, byte[] body) {
    return ByteBuffer.allocate(5 + body.length)
        .put((byte) type)
        .putInt(4 + body.length)
        .put(body)
        .array();
  }

  public static byte[] query(String sql) {
    return message('Q', (sql + "\0").getBytes(UTF_8));
  }

  /// What the connection would show to cancel its statement.
  static CancelKey cancelKey(Connection connection) {
    try {
      Object core = field(connection, "queryExecutor");
      return new CancelKey(
          (int) field(core, "cancelPid"), Bytes.of((byte[]) field(core, "cancelKey")));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("pgjdbc has changed inside", e);
    }
  }

  public static Socket socket(Connection connection) {
    try {
      Object core = field(connection, "queryExecutor");
      Object stream = field(core, "pgStream");
      return (Socket) field(stream, "connection");
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("pgjdbc has changed inside", e);
    }
  }

  /// Waits until the client's system has acknowledged all that was sent to it, as within 0.2 s it
  /// does: what is not acknowledged counts as not fetched.
  public static void awaitFetched(Connection connection) {
    String remote = ":%04X ".formatted(socket(connection).getLocalPort());
    GatewayFixture.await(() -> connectionsOfMachine().noneMatch(line -> isFull(line, remote)));
  }

  private static Stream<String> connectionsOfMachine() {
    return Stream.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"))
        .filter(Files::isReadable)
        .flatMap(
            file -> {
              try {
                return Files.readAllLines(file).stream();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /// The third word of a line is the other end, the fifth begins with what is not acknowledged.
  private static boolean isFull(String line, String remote) {
    var words = line.strip().split(" +", 6);
    return words.length == 6
        && (words[2] + " ").endsWith(remote)
        && !words[4].startsWith("00000000:");
  }

  private static Object field(Object of, String name) throws ReflectiveOperationException {
    for (Class<?> type = of.getClass(); type != null; type = type.getSuperclass()) {
      var found = Arrays.stream(type.getDeclaredFields()).filter(f -> f.getName().equals(name));
      var field = found.findFirst();
      if (field.isPresent()) {
        field.get().setAccessible(true);
        Object value = field.get().get(of);
        if (value != null) {
          return value;
        }
      }
    }
    throw new NoSuchFieldException(name);
  }
}
