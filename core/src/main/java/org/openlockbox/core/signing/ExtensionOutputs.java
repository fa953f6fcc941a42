package org.openlockbox.core.signing;

import org.openlockbox.core.canonical.Bytes;

/// The extension outputs at the end of authenticator data: one CBOR map (RFC 8949) from names to
/// values, in the canonical form of CTAP2: definite and shortest lengths. They are walked over and
/// not used; whatever is no such map, or does not end with it, is refused.
final class ExtensionOutputs {
  private static final int MAJOR_TEXT = 3;
  private static final int MAJOR_ARRAY = 4;
  private static final int MAJOR_MAP = 5;
  private static final int MAJOR_SIMPLE = 7;
  private static final int FALSE = 20;
  private static final int NULL = 22;
  private static final int DEPTH = 4;

  private final Bytes data;
  private int at;

  private ExtensionOutputs(Bytes data, int at) {
    this.data = data;
    this.at = at;
  }

  /// Whether the data from here to its end are one such map.
  static boolean fill(Bytes data, int from) {
    var outputs = new ExtensionOutputs(data, from);
    return outputs.at < data.size()
        && data.at(outputs.at) >> 5 == MAJOR_MAP
        && outputs.item(0)
        && outputs.at == data.size();
  }

  private boolean item(int depth) {
    if (at >= data.size() || depth > DEPTH) {
      return false;
    }
    int major = data.at(at) >> 5;
    int low = data.at(at) & 0x1f;
    if (major == MAJOR_SIMPLE) {
      at++;
      return low >= FALSE && low <= NULL;
    }
    long count = argument();
    return switch (major) {
      case 0, 1 -> count >= 0;
      case 2, MAJOR_TEXT -> skip(count);
      case MAJOR_ARRAY -> items(count, depth);
      case MAJOR_MAP -> members(count, depth);
      default -> false;
    };
  }

  private boolean items(long count, int depth) {
    boolean good = count >= 0;
    for (long i = 0; good && i < count; i++) {
      good = item(depth + 1);
    }
    return good;
  }

  /// At the outside the names are texts.
  private boolean members(long count, int depth) {
    boolean good = count >= 0;
    for (long i = 0; good && i < count; i++) {
      good =
          at < data.size()
              && (depth > 0 || data.at(at) >> 5 == MAJOR_TEXT)
              && item(depth + 1)
              && item(depth + 1);
    }
    return good;
  }

  private boolean skip(long count) {
    if (count < 0 || count > data.size() - at) {
      return false;
    }
    at += (int) count;
    return true;
  }

  /// The number in or behind the first byte; -1 where it is cut off, negative as a number, not in
  /// its shortest form, or of indefinite length.
  private long argument() {
    int low = data.at(at++) & 0x1f;
    if (low < 24) {
      return low;
    }
    int width = 1 << (low - 24);
    if (low > 27 || width > data.size() - at) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < width; i++) {
      value = value << 8 | data.at(at++);
    }
    long least = width == 1 ? 24 : 1L << (4 * width);
    return value < least ? -1 : value;
  }
}
