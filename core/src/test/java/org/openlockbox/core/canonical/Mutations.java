package org.openlockbox.core.canonical;

import java.io.ByteArrayOutputStream;
import java.util.Random;

/// Damages documents the same way for the same seed.
public final class Mutations {
  private static final String SYNTAX = "{}[]\":,\\ 0-1e.tnu\n=A";

  private Mutations() {}

  /// One to three bytes or pieces replaced, inserted, dropped or doubled.
  public static byte[] of(byte[] original, Random random) {
    var bytes = original;
    int mutations = 1 + random.nextInt(3);
    for (int i = 0; i < mutations; i++) {
      int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
      int rest = at;
      var changed = new ByteArrayOutputStream();
      changed.write(bytes, 0, at);
      switch (random.nextInt(5)) {
        case 0 -> changed.write(random.nextInt(256));
        case 1 -> changed.write(SYNTAX.charAt(random.nextInt(SYNTAX.length())));
        case 2 -> changed.writeBytes(original);
        case 3 -> {
          changed.write(random.nextInt(128));
          rest = Math.min(bytes.length, at + 1);
        }
        default -> rest = Math.min(bytes.length, at + 1);
      }
      changed.write(bytes, rest, bytes.length - rest);
      bytes = changed.toByteArray();
    }
    return bytes;
  }
}
