package org.openlockbox.gateway.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// What goes to the database in the place of a statement that is refused: a text that no PostgreSQL
/// can parse. The database answers it with a syntax error, in its turn, with everything that an
/// error entails: the transaction fails, the rest of an extended batch is skipped. So the gateway
/// need not imitate any of this; it only puts its own words in the place of that error.
public final class RefusedText {
  private static final String TEXT = "openlockbox refused this statement";

  private RefusedText() {}

  /// A Query.
  public static byte[] query() {
    var body = new ByteArrayOutputStream();
    text(body, TEXT);
    return message('Q', body);
  }

  /// A Parse of this name.
  public static byte[] parse(String name) {
    var body = new ByteArrayOutputStream();
    text(body, name);
    text(body, TEXT);
    body.write(0);
    body.write(0);
    return message('P', body);
  }

  private static void text(ByteArrayOutputStream body, String text) {
    body.writeBytes(text.getBytes(UTF_8));
    body.write(0);
  }

  private static byte[] message(char type, ByteArrayOutputStream body) {
    return ByteBuffer.allocate(5 + body.size())
        .put((byte) type)
        .putInt(4 + body.size())
        .put(body.toByteArray())
        .array();
  }
}
