package org.openlockbox.postgres.wire;

import org.openlockbox.core.canonical.Bytes;

/// Strict decoder of client messages: each length and count inside is checked against the message
/// before it is used, text is UTF-8 without NUL, nothing may follow the content.
public final class ClientMessages {
  /// Longest SQL text; it is recorded whole.
  public static final int MAX_SQL = 16 * 1024 * 1024;

  /// Of a Bind, and of a FunctionCall, which carries values too.
  private static final int MAX_BIND = 16 * 1024 * 1024;

  private static final int MAX_COPY = 16 * 1024 * 1024;
  private static final int MAX_OTHER = 1024;

  /// PostgreSQL keeps 63 bytes of a statement's or portal's name: two longer names could be one to
  /// it and two to us, and the record would name the wrong text.
  private static final int MAX_NAME = 63;

  private ClientMessages() {}

  /// The largest length field that a message of this type may declare; also decides which types
  /// exist at all.
  public static int limit(byte type) {
    return switch (type) {
      case 'Q', 'P' -> MAX_SQL + MAX_OTHER;
      case 'B', 'F' -> MAX_BIND;
      case 'd' -> MAX_COPY;
      case 'D', 'E', 'C', 'S', 'H', 'X', 'c', 'f' -> MAX_OTHER;
      default -> throw new WireViolation("unknown message type " + (type & 0xff));
    };
  }

  /// Decodes the message that lies in the buffer from its type byte on.
  public static ClientMessage parse(MessageBuffer buffer) {
    Slice body = buffer.body();
    ClientMessage message =
        switch (buffer.type()) {
          case 'Q' -> new ClientMessage.Query(sql(body));
          case 'P' -> parseStatement(body);
          case 'B' -> bind(body);
          case 'D' -> describe(body);
          case 'E' -> execute(body);
          case 'C' -> new ClientMessage.Close(kind(body), name(body));
          case 'F' -> functionCall(body);
          case 'S' -> new ClientMessage.Sync();
          case 'H' -> new ClientMessage.Flush();
          case 'X' -> new ClientMessage.Terminate();
          case 'd' -> copyData(body);
          case 'c' -> new ClientMessage.CopyDone();
          case 'f' -> copyFail(body);
          default -> throw new WireViolation("unknown message type " + (buffer.type() & 0xff));
        };
    body.done();
    return message;
  }

  private static final int FIRST_OF_INITDB = 10_000;
  private static final int FIRST_OF_PEOPLE = 16_384;

  private static String name(Slice body) {
    byte[] raw = body.untilNul();
    if (raw.length > MAX_NAME) {
      throw new WireViolation("a name of more than " + MAX_NAME + " bytes");
    }
    return Slice.utf8(raw);
  }

  private static Bytes sql(Slice body) {
    byte[] raw = body.untilNul();
    Slice.utf8(raw);
    return Bytes.of(raw);
  }

  private static ClientMessage parseStatement(Slice body) {
    String name = name(body);
    Bytes sql = sql(body);
    boolean namesTypes = false;
    for (int types = body.count16(); types > 0; types--) {
      namesTypes |= namesTypes(body.int32());
    }
    return new ClientMessage.Parse(name, sql, namesTypes);
  }

  /// Whether values of this type are read by PostgreSQL's grammar: `regtype`, `regprocedure`,
  /// `regoperator`, lists of these (pg_type.dat), or a row of a system catalog, which may have one.
  private static boolean namesTypes(int type) {
    return switch (type) {
      case 2202, 2204, 2206, 2207, 2209, 2211 -> true;
      default -> type >= FIRST_OF_INITDB && type < FIRST_OF_PEOPLE;
    };
  }

  private static ClientMessage bind(Slice body) {
    String portal = name(body);
    String statement = name(body);
    byte[] rest = body.take(body.remaining());
    Slice values = new Slice(rest, 0, rest.length);
    int count = values("Bind", values);
    formats("Bind", values);
    values.done();
    return new ClientMessage.Bind(portal, statement, count, Bytes.of(rest));
  }

  private static ClientMessage functionCall(Slice body) {
    int function = body.int32();
    values("FunctionCall", body);
    format("FunctionCall", body);
    return new ClientMessage.FunctionCall(function);
  }

  /// Passes over formats and values, and counts the values.
  private static int values(String message, Slice values) {
    int formats = formats(message, values);
    int count = values.count16();
    if (formats > 1 && formats != count) {
      throw new WireViolation(message + ": the number of formats does not fit the parameters");
    }
    for (int i = 0; i < count; i++) {
      int length = values.int32();
      if (length < -1) {
        throw new WireViolation(message + ": a negative length");
      }
      values.skip(Math.max(length, 0));
    }
    return count;
  }

  private static int formats(String message, Slice values) {
    int count = values.count16();
    for (int i = 0; i < count; i++) {
      format(message, values);
    }
    return count;
  }

  private static void format(String message, Slice values) {
    int format = values.count16();
    if (format > 1) {
      throw new WireViolation(message + ": format code " + format);
    }
  }

  private static ClientMessage describe(Slice body) {
    return new ClientMessage.Describe(kind(body), name(body));
  }

  private static ClientMessage execute(Slice body) {
    String portal = name(body);
    body.int32();
    return new ClientMessage.Execute(portal);
  }

  private static char kind(Slice body) {
    byte kind = body.octet();
    if (kind != 'S' && kind != 'P') {
      throw new WireViolation("neither a statement nor a portal");
    }
    return (char) kind;
  }

  private static ClientMessage copyData(Slice body) {
    body.skip(body.remaining());
    return new ClientMessage.CopyData();
  }

  private static ClientMessage copyFail(Slice body) {
    body.text();
    return new ClientMessage.CopyFail();
  }
}
