package org.openlockbox.postgres.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.openlockbox.postgres.Wire.message;
import static org.openlockbox.postgres.Wire.query;
import static org.openlockbox.postgres.attack.Talk.bind;
import static org.openlockbox.postgres.attack.Talk.close;
import static org.openlockbox.postgres.attack.Talk.copyData;
import static org.openlockbox.postgres.attack.Talk.copyDone;
import static org.openlockbox.postgres.attack.Talk.execute;
import static org.openlockbox.postgres.attack.Talk.parse;
import static org.openlockbox.postgres.attack.Talk.sync;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;

/// Bytes that somebody who has logged in sends, and how the gateway answers them: see [Talk].
record WireAttack(String name, String copy, Bytes bytes, String expected) {
  private static final String COPY = "copy information_schema.letters from stdin";
  private static final String NONE = "";
  private static final String VIOLATION = "E08P01 closed";
  private static final String SIGNATURE = "PGCOPY\n\u00ff\r\n\0";

  private static WireAttack attack(String name, String expected, byte[]... said) {
    return new WireAttack(name, NONE, Bytes.of(Talk.joined(said)), expected);
  }

  private static WireAttack writing(String name, String expected, byte[]... said) {
    return new WireAttack(name, COPY, Bytes.of(Talk.joined(said)), expected);
  }

  /// A copy in PostgreSQL's binary format that lies: in its signature, its flags, the length of
  /// what follows them, how many fields there are and how long they are.
  private static WireAttack lying(String name, String signature, int... lies) {
    var file = ByteBuffer.allocate(SIGNATURE.length() + 4 * lies.length);
    file.put(signature.getBytes(ISO_8859_1));
    for (int each : lies) {
      file.putInt(each);
    }
    byte[] said = Talk.joined(message('d', file.array()), copyDone());
    return new WireAttack(name, COPY + " (format binary)", Bytes.of(said), "E22P04 Z alive");
  }

  private static byte[] bindOf(int... shorts) {
    var body = ByteBuffer.allocate(2 + shorts.length * 2).putShort((short) 0);
    for (int each : shorts) {
      body.putShort((short) each);
    }
    return message('B', body.array());
  }

  /// Everything that PostgreSQL itself would have to judge if it were passed on.
  static List<WireAttack> all() {
    return Stream.of(malformed(), misplaced(), copying(), liesInFiles())
        .flatMap(List::stream)
        .toList();
  }

  private static List<WireAttack> malformed() {
    return List.of(
        attack("PG-046 length 3", VIOLATION, new byte[] {'Q', 0, 0, 0, 3}),
        attack("PG-046 length 0", VIOLATION, new byte[] {'S', 0, 0, 0, 0}),
        attack("PG-046 length of 2 GiB", VIOLATION, new byte[] {'Q', 127, -1, -1, -1}),
        attack("PG-046 negative length", VIOLATION, new byte[] {'S', -1, -1, -1, -1}),
        attack("PG-048 unknown type", VIOLATION, message('z', new byte[4])),
        attack("PG-044 password after login", VIOLATION, message('p', new byte[] {'x', 0})),
        attack("PG-050 more values than there are", VIOLATION, bindOf(0, 32_639, 0)),
        attack("PG-050 65,535 parameters", VIOLATION, bindOf(0, 65_535)),
        attack("PG-050 value of length -2", VIOLATION, bindOf(0, 1, -1, -2, 0)),
        attack("PG-050 value longer than the message", VIOLATION, bindOf(0, 1, 0, 1000, 0)),
        attack("PG-051 two formats for one value", VIOLATION, bindOf(2, 0, 0, 1, -1, -1, 0)),
        attack("PG-051 format 7", VIOLATION, bindOf(1, 7, 0, 0)),
        attack("PG-052 NUL in a query", VIOLATION, query("select 1\0; drop table x")),
        attack("PG-053 not UTF-8", VIOLATION, message('Q', new byte[] {(byte) 0xff, 0})),
        attack("PG-053 overlong UTF-8", VIOLATION, message('Q', new byte[] {-64, -81, 0})));
  }

  private static List<WireAttack> misplaced() {
    return List.of(
        attack("PG-054 two statements", "E42601 Z alive", parse("", "select 1; select 2"), sync()),
        attack("PG-057 function call", "E0A000 Z alive", functionCall()),
        attack(
            "PG-057 function call in an open batch",
            "1 2 E0A000 Z alive",
            parse("", "select 1"),
            bind("", ""),
            message('H', new byte[0]),
            functionCall()),
        attack("PG-057 function call that lies", VIOLATION, message('F', new byte[4])),
        attack("PG-063 Close of neither", VIOLATION, close('X', "s"), sync()),
        attack("PG-063 Close of unknown, twice", "3 3 Z alive", closed("s"), closed("s"), sync()),
        attack("PG-064 no portal any more", "1 2 Z T D:1 C Z E34000 Z alive", forgottenPortal()),
        attack(
            "PG-066 two at once",
            "T D:1 C Z T D:2 C Z alive",
            query("select 1"),
            query("select 2")),
        attack("PG-067 after Terminate", "closed", message('X', new byte[0]), query("select 1")),
        attack("query in an open batch", VIOLATION, parse("", "select 1"), query("select 2")),
        attack("a long name", VIOLATION, parse("n".repeat(64), "select 1"), sync()),
        attack(
            "COPY data in an open batch",
            "1 Z alive",
            parse("", "select 1"),
            copyData("x"),
            sync()),
        attack("stray COPY data", "Z alive", copyData("x"), copyDone(), sync()));
  }

  private static List<WireAttack> copying() {
    return List.of(
        writing("PG-069 query while copying", VIOLATION, query("select 1")),
        writing("PG-069 two ends", "C Z alive", copyData("1\n"), copyDone(), copyDone()),
        writing("PG-069 more data after the end", "C Z alive", copyDone(), copyData("1\n")),
        writing(
            "PG-069 Sync and Flush while copying",
            "C Z alive",
            copyData("1\n"),
            sync(),
            copyDone()),
        writing(
            "PG-069 given up", "E57014 Z alive", copyData("1\n"), message('f', Talk.text("no"))));
  }

  private static List<WireAttack> liesInFiles() {
    return List.of(
        lying("PG-069 another signature", "PGCOPX\n\u00ff\r\n\0", 0, 0),
        lying("PG-069 unknown flags", SIGNATURE, 1 << 20, 0),
        lying("PG-069 a negative length of the header", SIGNATURE, 0, -1),
        lying("PG-069 a header of 2 GiB", SIGNATURE, 0, Integer.MAX_VALUE),
        lying("PG-069 20,000 fields", SIGNATURE, 0, 0, 20_000 << 16),
        lying("PG-069 half a row", SIGNATURE, 0, 0, 1 << 16));
  }

  /// Whether it is said after a COPY that has begun.
  boolean copies() {
    return !copy.isEmpty();
  }

  Level level() {
    return copies() ? Level.WRITE : Level.READ;
  }

  /// Says it and answers as [Talk] does.
  String answer(Connection connection) throws IOException {
    Talk talk = new Talk(connection);
    if (copies()) {
      talk.send(query(copy));
      while (!talk.next().equals(Optional.of("G"))) {}
    }
    return talk.answer(bytes.toArray());
  }

  private static byte[] closed(String name) {
    return close('S', name);
  }

  /// set_config, which changes a setting without any SQL text.
  private static byte[] functionCall() {
    var body = new ByteArrayOutputStream();
    body.writeBytes(
        ByteBuffer.allocate(8).putInt(2078).putShort((short) 0).putShort((short) 3).array());
    for (String argument : List.of("transaction_read_only", "off", "false")) {
      body.writeBytes(ByteBuffer.allocate(4).putInt(argument.length()).array());
      body.writeBytes(argument.getBytes(UTF_8));
    }
    body.writeBytes(new byte[2]);
    return message('F', body.toByteArray());
  }

  private static byte[] forgottenPortal() {
    return Talk.joined(
        parse("", "select 3"), bind("", ""), sync(), query("select 1"), execute("", 0), sync());
  }

  @Override
  public String toString() {
    return name;
  }
}
