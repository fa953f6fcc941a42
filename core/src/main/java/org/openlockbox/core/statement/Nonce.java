package org.openlockbox.core.statement;

import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Bytes;

/// 16 random bytes made on the signer's side, in lower-case hexadecimal: two statements are never
/// the same bytes.
public record Nonce(String value) {
  private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{32}");

  public Nonce {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("a nonce is 32 lower-case hexadecimal digits");
    }
  }

  public static Nonce random(RandomGenerator random) {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    return new Nonce(Bytes.of(bytes).hex());
  }

  @Override
  public String toString() {
    return value;
  }
}
