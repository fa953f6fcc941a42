package org.openlockbox.postgres.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Messages that the gateway writes as a server (PostgreSQL documentation, "Message Formats").
public final class ServerMessages {
  private ServerMessages() {}

  public static byte[] error(PgError error) {
    return said('E', error.severity(), error.sqlState(), error.message(), error.hint());
  }

  /// A NoticeResponse; its severity is always NOTICE.
  public static byte[] notice(String message, String hint) {
    return said('N', "NOTICE", "00000", message, hint);
  }

  /// @param hint empty if there is no next step
  static byte[] said(char type, String severity, String code, String message, String hint) {
    Map<Character, String> fields = new LinkedHashMap<>();
    fields.put('S', severity);
    fields.put('V', severity);
    fields.put('C', code);
    fields.put('M', message);
    if (!hint.isEmpty()) {
      fields.put('H', hint);
    }
    return fields(type, fields);
  }

  static byte[] fields(char type, Map<Character, String> fields) {
    var body = new ByteArrayOutputStream(160);
    fields.forEach((code, text) -> field(body, code, text));
    body.write(0);
    return message(type, body.toByteArray());
  }

  public static byte[] authenticationOk() {
    return message('R', ints(0));
  }

  /// AuthenticationSASL: the offered mechanisms, best first.
  public static byte[] offerMechanisms(List<String> mechanisms) {
    var body = new ByteArrayOutputStream();
    body.writeBytes(ints(10));
    for (String mechanism : mechanisms) {
      text(body, mechanism);
    }
    body.write(0);
    return message('R', body.toByteArray());
  }

  public static byte[] saslContinue(String data) {
    return sasl(11, data);
  }

  public static byte[] saslFinal(String data) {
    return sasl(12, data);
  }

  private static byte[] sasl(int step, String data) {
    byte[] bytes = data.getBytes(UTF_8);
    return message('R', ByteBuffer.allocate(4 + bytes.length).putInt(step).put(bytes).array());
  }

  public static byte[] parameterStatus(Map.Entry<String, String> parameter) {
    var body = new ByteArrayOutputStream();
    text(body, parameter.getKey());
    text(body, parameter.getValue());
    return message('S', body.toByteArray());
  }

  public static byte[] backendKey(CancelKey key) {
    return message('K', key.bytes());
  }

  public static byte[] readyForQuery(char status) {
    return message('Z', new byte[] {(byte) status});
  }

  /// NegotiateProtocolVersion: what is spoken from here on; `_pq_.` options are named as not
  /// understood.
  public static byte[] negotiateVersion(StartupMessage asked) {
    var body = new ByteArrayOutputStream();
    body.writeBytes(ints(asked.spoken().code(), asked.unknownOptions().size()));
    asked.unknownOptions().forEach(option -> text(body, option));
    return message('v', body.toByteArray());
  }

  /// Several messages in one piece.
  public static byte[] joined(byte[]... messages) {
    var all = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      all.writeBytes(message);
    }
    return all.toByteArray();
  }

  public static byte[] message(char type, byte[] body) {
    return ByteBuffer.allocate(body.length + 5)
        .put((byte) type)
        .putInt(body.length + 4)
        .put(body)
        .array();
  }

  static byte[] ints(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * 4);
    for (int value : values) {
      buffer.putInt(value);
    }
    return buffer.array();
  }

  private static void field(ByteArrayOutputStream out, char code, String value) {
    out.write(code);
    text(out, value);
  }

  public static void text(ByteArrayOutputStream out, String value) {
    out.writeBytes(value.replace('\0', ' ').getBytes(UTF_8));
    out.write(0);
  }
}
