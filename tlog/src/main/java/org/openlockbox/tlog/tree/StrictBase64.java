package org.openlockbox.tlog.tree;

import java.util.Base64;

/// Standard base64 with padding (RFC 4648 section 4) in its one canonical spelling: no missing
/// padding, no stray bits in the last character. `encode(decode(x))` equals `x`.
public final class StrictBase64 {
  private StrictBase64() {}

  public static byte[] decode(String text) {
    var bytes = Base64.getDecoder().decode(text);
    if (!encode(bytes).equals(text)) {
      throw new IllegalArgumentException("not canonical base64: " + text);
    }
    return bytes;
  }

  public static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
