package org.openlockbox.postgres.differential;

import static org.openlockbox.postgres.attack.Talk.close;
import static org.openlockbox.postgres.attack.Talk.describe;
import static org.openlockbox.postgres.attack.Talk.execute;
import static org.openlockbox.postgres.attack.Talk.flush;
import static org.openlockbox.postgres.attack.Talk.joined;
import static org.openlockbox.postgres.attack.Talk.parse;
import static org.openlockbox.postgres.attack.Talk.sync;
import static org.openlockbox.postgres.attack.Talk.text;

import java.nio.ByteBuffer;
import java.util.List;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.postgres.Wire;

/// What a client says in one go, and how many times the database is ready again after it.
///
/// @param what its SQL, for whoever reads a failure
/// @param texts its statements; one text of several statements is one
record Exchange(String what, List<String> texts, Bytes said, int answers) {
  /// In which format a client wants its rows.
  enum Format {
    TEXT(0),
    BINARY(1);

    private final int code;

    Format(int code) {
      this.code = code;
    }
  }

  private static final String PARAMETER = "$1";

  Exchange {
    texts = List.copyOf(texts);
  }

  /// The statement that is answered when so many have been.
  String statement(long done) {
    return texts.get((int) Math.min(done, texts.size() - 1));
  }

  static Exchange simple(String sql) {
    return new Exchange("simple: " + sql, List.of(sql), Bytes.of(Wire.query(sql)), 1);
  }

  /// Parse, Bind, Describe, Execute, Sync, as most drivers send them.
  static Exchange extended(String sql, Format format) {
    byte[] said =
        joined(
            parse("", sql), bind("", "", sql, format), describe('P', ""), execute("", 0), sync());
    return new Exchange("extended " + format + ": " + sql, List.of(sql), Bytes.of(said), 1);
  }

  /// A statement that is prepared by name, described and run twice.
  static Exchange named(String sql, Format format) {
    byte[] said =
        joined(
            parse("s", sql),
            describe('S', "s"),
            sync(),
            bind("", "s", sql, format),
            execute("", 0),
            sync(),
            bind("", "s", sql, Format.TEXT),
            execute("", 0),
            close('S', "s"),
            sync());
    return new Exchange("named " + format + ": " + sql, List.of(sql), Bytes.of(said), 3);
  }

  /// Rows fetched a few at a time, the last ones not at all.
  static Exchange fetched(String sql) {
    byte[] said =
        joined(
            parse("", sql),
            bind("c", "", sql, Format.TEXT),
            execute("c", 3),
            flush(),
            execute("c", 2),
            close('P', "c"),
            sync());
    return new Exchange("fetched: " + sql, List.of(sql), Bytes.of(said), 1);
  }

  /// Several statements before one Sync: after an error the rest is skipped.
  static Exchange pipelined(List<String> texts) {
    byte[] said = new byte[0];
    for (String sql : texts) {
      said = joined(said, parse("", sql), bind("", "", sql, Format.TEXT), execute("", 0));
    }
    return new Exchange("pipelined: " + texts, texts, Bytes.of(joined(said, sync())), 1);
  }

  /// Gives `$1` the value 7, where the text has it.
  private static byte[] bind(String portal, String statement, String sql, Format format) {
    byte[] values = {0, 0, 0, 0};
    if (sql.contains(PARAMETER)) {
      values = ByteBuffer.allocate(9).putInt(1).putInt(1).put((byte) '7').array();
    }
    byte[] wanted = {0, 1, 0, (byte) format.code};
    return Wire.message('B', joined(text(portal), text(statement), values, wanted));
  }
}
