package org.openlockbox.postgres.wire;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.openlockbox.core.canonical.Bytes;

/// The values of a Bind in one line, for the record: `$1 = 'text', $2 = null, $3 = 0x2a`. A long
/// value is cut and named by its length and SHA-256, and so is all that a line of bounded length
/// has no room for: the record is short, and still says exactly what was sent.
public final class BoundValues {
  private static final int LONGEST_VALUE = 256;
  private static final int LONGEST_LINE = 8 * 1024;

  private BoundValues() {}

  /// The line; empty if there are no values.
  public static Bytes line(ClientMessage.Bind bind) {
    if (bind.parameters() == 0) {
      return Bytes.empty();
    }
    byte[] bytes = bind.values().toArray();
    Slice slice = new Slice(bytes, 0, bytes.length);
    int[] formats = formats(slice);
    int count = slice.count16();
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < count; i++) {
      if (line.length() > LONGEST_LINE) {
        line.append(", and ").append(count - i).append(" more, ");
        named(line, slice.take(slice.remaining()));
        break;
      }
      line.append(i == 0 ? "$" : ", $").append(i + 1).append(" = ");
      int length = slice.int32();
      if (length < 0) {
        line.append("null");
      } else {
        value(line, slice.take(length), format(formats, i) == 0);
      }
    }
    return Bytes.ofUtf8(line.toString());
  }

  /// Whether one of the values has more bytes than this.
  public static boolean isOneLonger(ClientMessage.Bind bind, int bytes) {
    byte[] all = bind.values().toArray();
    Slice slice = new Slice(all, 0, all.length);
    formats(slice);
    boolean longer = false;
    for (int left = slice.count16(); left > 0; left--) {
      int length = slice.int32();
      longer |= length > bytes;
      slice.skip(Math.max(length, 0));
    }
    return longer;
  }

  private static int[] formats(Slice slice) {
    int[] formats = new int[slice.count16()];
    for (int i = 0; i < formats.length; i++) {
      formats[i] = slice.count16();
    }
    return formats;
  }

  private static int format(int[] formats, int parameter) {
    return formats.length == 0 ? 0 : formats[formats.length == 1 ? 0 : parameter];
  }

  private static void value(StringBuilder line, byte[] value, boolean text) {
    int shown = Math.min(value.length, LONGEST_VALUE);
    if (text) {
      quoted(line, new String(value, 0, shown, StandardCharsets.UTF_8));
    } else {
      line.append("0x").append(HexFormat.of().formatHex(value, 0, shown));
    }
    if (shown < value.length) {
      line.append("... of ");
      named(line, value);
    }
  }

  /// Nothing in a value ends the quotation or the line.
  private static void quoted(StringBuilder line, String value) {
    line.append('\'');
    value
        .codePoints()
        .forEach(
            point -> {
              if (point == '\'' || point == '\\') {
                line.append('\\').appendCodePoint(point);
              } else if (Character.isISOControl(point) || point == 0x2028 || point == 0x2029) {
                line.append("\\u{%x}".formatted(point));
              } else {
                line.appendCodePoint(point);
              }
            });
    line.append('\'');
  }

  private static void named(StringBuilder line, byte[] bytes) {
    line.append(bytes.length).append(" bytes, sha256 ").append(Bytes.of(bytes).sha256().hex());
  }
}
