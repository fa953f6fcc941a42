package org.openlockbox.postgres.login;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.openlockbox.postgres.wire.ConnectionRefusal;
import org.openlockbox.postgres.wire.StartupReader;
import org.openlockbox.postgres.wire.WireViolation;

/// The decoders, for Jazzer (`build/fuzz.sh decoder`): the first byte says which of them hears the
/// rest, and in what pieces.
public final class DecoderFuzz {
  private DecoderFuzz() {}

  /// Throws what must not be thrown, if that is what comes of it.
  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    if (bytes.length < 5) {
      return;
    }
    byte[] said = Arrays.copyOfRange(bytes, 1, bytes.length);
    var pieces = new Mangler(new Random(bytes[0]));
    try {
      switch (Math.floorMod(bytes[0], 3)) {
        case 0 -> {
          byte[] out = DecoderFuzzTest.throughClientDecoder(pieces, said);
          DecoderFuzzTest.assertPassedUnchanged(said, out, true);
        }
        case 1 -> {
          byte[] out = DecoderFuzzTest.throughServerDecoder(pieces, said);
          DecoderFuzzTest.assertPassedUnchanged(said, out, true);
        }
        default ->
            StartupReader.read(
                new ByteArrayInputStream(said, 4, said.length - 4), Arrays.copyOf(said, 4));
      }
    } catch (WireViolation | ConnectionRefusal | EOFException expected) {
      // what a decoder says to broken bytes
    }
  }
}
