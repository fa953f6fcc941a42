package org.openlockbox.postgres.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.openlockbox.postgres.login.DecoderFuzz;
import org.openlockbox.postgres.login.Mangler;

/// The talks that are kept in `fuzz/`, among them those that once broke something, as they are and
/// each in some broken forms. `build/fuzz.sh` looks for new ones.
class KeptTalksTest {
  private static final Path TALKS = Path.of("src/test/resources/fuzz");
  private static final int BROKEN_FORMS = 50;
  private static final long SEED = 20_261_126L;

  /// Something that hears bytes and throws nothing.
  private interface Hearing {
    void hear(byte[] bytes) throws Exception;
  }

  @Test
  void aSessionEndsOrGoesOn() throws IOException {
    each("session", SessionFuzz::fuzzerTestOneInput);
  }

  @Test
  void aDecoderReadsOrRefuses() throws IOException {
    each("decoder", DecoderFuzz::fuzzerTestOneInput);
  }

  private static void each(String folder, Hearing hearing) throws IOException {
    List<Path> kept;
    try (var files = Files.list(TALKS.resolve(folder))) {
      kept = files.sorted().toList();
    }
    assertThat(kept).isNotEmpty();
    for (Path talk : kept) {
      byte[] bytes = Files.readAllBytes(talk);
      hear(hearing, bytes, talk.toString());
      for (int i = 0; i < BROKEN_FORMS; i++) {
        hear(hearing, new Mangler(new Random(SEED + i)).broken(bytes), talk + ", broken " + i);
      }
    }
  }

  private static void hear(Hearing hearing, byte[] bytes, String what) {
    try {
      hearing.hear(bytes);
    } catch (Exception | AssertionError e) {
      throw new AssertionError(what, e);
    }
  }
}
