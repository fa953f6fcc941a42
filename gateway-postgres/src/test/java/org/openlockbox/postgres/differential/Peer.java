package org.openlockbox.postgres.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.Wire;
import org.openlockbox.postgres.wire.ErrorFields;

/// One of the two ends that are compared: a logged-in connection, and what it answers, message by
/// message with every byte, but for what docs/postgres-gateway.md says is withheld or added.
final class Peer implements AutoCloseable {
  private static final Pattern PSEUDONYM = Pattern.compile("\\b[0-9a-f]{16}\\b");

  private final Connection connection;
  private final Socket socket;
  private final DataInputStream in;
  private final Level level;
  private final Optional<ExpectedHint> added;

  private Peer(Connection connection, Level level, Optional<ExpectedHint> added)
      throws IOException {
    this.connection = connection;
    this.level = level;
    this.added = added;
    this.socket = Wire.socket(connection);
    socket.setSoTimeout(60_000);
    this.in = new DataInputStream(socket.getInputStream());
  }

  /// The database itself, with the next steps that a gateway has to add.
  static Peer direct(Connection connection, Level level, ExpectedHint added) throws IOException {
    return new Peer(connection, level, Optional.of(added));
  }

  static Peer through(Connection connection, Level level) throws IOException {
    return new Peer(connection, level, Optional.empty());
  }

  List<String> answers(Exchange exchange) throws IOException {
    socket.getOutputStream().write(exchange.said().toArray());
    socket.getOutputStream().flush();
    var heard = new ArrayList<String>();
    for (int ready = 0; ready < exchange.answers(); ) {
      long done =
          heard.stream().filter(each -> each.startsWith("C") || each.startsWith("I")).count();
      String message = next(exchange.statement(done));
      heard.add(message);
      ready += message.startsWith("Z") ? 1 : 0;
    }
    return heard;
  }

  private String next(String sql) throws IOException {
    char type = (char) in.readByte();
    byte[] body = new byte[in.readInt() - 4];
    in.readFully(body);
    return type
        + switch (type) {
          case 'E', 'N' -> fields(ErrorFields.parse(body), sql);
          default -> values(new String(body, ISO_8859_1));
        };
  }

  /// Pseudonyms differ in each session.
  private String values(String row) {
    return level == Level.MASKED ? PSEUDONYM.matcher(row).replaceAll("pseudonym") : row;
  }

  private String fields(ErrorFields said, String sql) {
    if (level == Level.MASKED && said.mayHoldValues()) {
      return said.fields().get('V') + " " + said.sqlState();
    }
    var fields = new TreeMap<>(said.withoutOthers().fields());
    added.flatMap(hint -> hint.after(said, sql)).ifPresent(hint -> fields.put('H', hint));
    return fields.toString();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
