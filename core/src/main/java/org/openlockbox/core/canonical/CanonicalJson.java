package org.openlockbox.core.canonical;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The one spelling that every signed or logged document has: RFC 8785 for our kinds of values. For
/// every accepted `x`, `bytes(parse(x))` equals `x` byte for byte, so nobody can carry a second
/// meaning past the check.
public final class CanonicalJson {
  private CanonicalJson() {}

  /// Accepts only canonical bytes; throws [MalformedJson] for everything else.
  public static Json parse(byte[] canonical) {
    var value = Json.read(canonical);
    if (!Arrays.equals(bytes(value), canonical)) {
      throw new MalformedJson("not in canonical form");
    }
    return value;
  }

  public static Json parse(Bytes canonical) {
    return parse(canonical.toArray());
  }

  public static byte[] bytes(Json value) {
    return text(value).getBytes(StandardCharsets.UTF_8);
  }

  public static String text(Json value) {
    return CanonicalJsonWriter.text(value);
  }
}
