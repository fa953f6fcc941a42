package org.openlockbox.cli.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The messages of a PostgreSQL login (PostgreSQL documentation, "Message Formats"), each of
/// bounded length.
final class PostgresFrames {
  static final int CANCEL = (1234 << 16) | 5678;
  static final int TLS = (1234 << 16) | 5679;
  static final int GSS = (1234 << 16) | 5680;
  private static final int LONGEST = 16 * 1024;

  private PostgresFrames() {}

  /// The body of a message whose type has been read.
  static byte[] body(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 4 || length > LONGEST) {
      throw new IOException("a login message of " + length + " bytes");
    }
    byte[] body = new byte[length - 4];
    in.readFully(body);
    return body;
  }

  static byte[] packet(byte[] body) {
    return ByteBuffer.allocate(4 + body.length).putInt(4 + body.length).put(body).array();
  }

  static byte[] message(char type, byte[] body) {
    return ByteBuffer.allocate(5 + body.length)
        .put((byte) type)
        .putInt(4 + body.length)
        .put(body)
        .array();
  }

  /// AuthenticationCleartextPassword: "say the password".
  static byte[] askPassword() {
    return message('R', ByteBuffer.allocate(4).putInt(3).array());
  }

  /// The first SCRAM message of a client.
  static byte[] saslFirst(String mechanism, String data) {
    byte[] name = (mechanism + "\0").getBytes(UTF_8);
    byte[] first = data.getBytes(UTF_8);
    return message(
        'p',
        ByteBuffer.allocate(name.length + 4 + first.length)
            .put(name)
            .putInt(first.length)
            .put(first)
            .array());
  }

  static byte[] fatal(String sqlState, String words) {
    String fields = "SFATAL\0VFATAL\0C" + sqlState + "\0M" + words + "\0\0";
    return message('E', fields.getBytes(UTF_8));
  }
}
