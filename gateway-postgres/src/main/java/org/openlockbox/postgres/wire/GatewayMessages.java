package org.openlockbox.postgres.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.openlockbox.core.canonical.Bytes;

/// What the gateway says to the database in the client's place. Beside the messages that ask how
/// far a batch has come this is what goes there instead of a statement: the same read another way,
/// or, where it is refused, a text that no PostgreSQL can parse. The database answers that with a
/// syntax error, in its turn, with everything that an error entails: the transaction fails, the
/// rest of an extended batch is skipped. So the gateway need not imitate any of this; it only says
/// its own words to the client in the place of that error.
public final class GatewayMessages {
  /// What stands for a text that is refused.
  public static final Bytes REFUSED = Bytes.ofUtf8("openlockbox refused this statement");

  /// A prepared statement that there is not.
  public static final String NOBODYS = "openlockbox: none";

  private GatewayMessages() {}

  public static byte[] query(Bytes sql) {
    var body = new ByteArrayOutputStream();
    text(body, sql);
    return message('Q', body);
  }

  /// With a Close of the unnamed statement before it, of which the query leaves nothing either way.
  public static byte[] queryInBatch(Bytes sql) {
    return joined(close('S', ""), query(sql));
  }

  /// A Flush with a Close before it that changes nothing, whose answer it asks for.
  public static byte[] flush() {
    return joined(close('S', NOBODYS), message('H', new ByteArrayOutputStream()));
  }

  public static byte[] sync() {
    return message('S', new ByteArrayOutputStream());
  }

  private static byte[] close(char kind, String name) {
    var body = new ByteArrayOutputStream();
    body.write(kind);
    text(body, Bytes.ofUtf8(name));
    return message('C', body);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  /// An Execute of the unnamed portal where no Bind has made one, with a Close of it before, so
  /// that the database has none. PostgreSQL 18.6 keeps what a simple query ran that failed within a
  /// transaction as the unnamed portal, without the memory of its plan: to execute it reads what is
  /// there now, and may end the server for everybody.
  public static byte[] executeOfNothing() {
    var body = new ByteArrayOutputStream();
    text(body, Bytes.empty());
    body.writeBytes(new byte[4]);
    return joined(close('P', ""), message('E', body));
  }

  /// A Parse of this name, without types of parameters.
  public static byte[] refusedParse(String name) {
    return parse(name, REFUSED, new byte[2]);
  }

  /// A Bind of this portal to a statement that there is not.
  public static byte[] refusedBind(String portal) {
    var body = new ByteArrayOutputStream();
    text(body, Bytes.ofUtf8(portal));
    text(body, Bytes.ofUtf8(NOBODYS));
    body.writeBytes(new byte[6]);
    return message('B', body);
  }

  /// The Parse that lies in the buffer, with this text for its own.
  public static byte[] parse(MessageBuffer buffer, Bytes sql) {
    Slice body = buffer.body();
    String name = body.text();
    body.untilNul();
    return parse(name, sql, body.take(body.remaining()));
  }

  private static byte[] parse(String name, Bytes sql, byte[] types) {
    var body = new ByteArrayOutputStream();
    text(body, Bytes.ofUtf8(name));
    text(body, sql);
    body.writeBytes(types);
    return message('P', body);
  }

  private static void text(ByteArrayOutputStream body, Bytes text) {
    body.writeBytes(text.toArray());
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
