package org.openlockbox.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What all note keys have in common: the rules of their names, and how type and key are joined.
final class KeyNames {
  static final int MAX_VKEY = 2500;
  private static final int MAX_NAME = 255;

  private KeyNames() {}

  /// Key names are not empty, have at most 255 bytes, and no Unicode space, plus sign or control
  /// character.
  static String check(String name) {
    boolean bad =
        name.codePoints()
            .anyMatch(
                c ->
                    Character.isSpaceChar(c)
                        || Character.isWhitespace(c)
                        || Character.isISOControl(c)
                        || c == '+');
    if (name.isEmpty() || bad || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
      throw new MalformedNote("not a key name: '" + name + "'");
    }
    return name;
  }

  static byte[] typed(byte type, byte[] key) {
    return ByteBuffer.allocate(1 + key.length).put(type).put(key).array();
  }
}
