package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;

/// The vectors of docs/spec/vectors about gateways, each a whole log: every verifier accepts and
/// refuses the same of them.
class GatewaysTest {
  private static final Path VECTORS =
      Path.of(System.getProperty("lockbox.home", ".."))
          .resolve("docs/spec/vectors/vectors.json")
          .toAbsolutePath();

  @TempDir private Path directory;

  private static List<Fields> vectors() throws IOException {
    return Fields.of(Json.read(Files.readAllBytes(VECTORS), 1 << 24), "vectors")
        .objects("gateways");
  }

  @Test
  void everyVerifierSaysOfEachVectorWhatItSays() throws Exception {
    var verifiers = new FiveVerifiers(directory);
    var expected = new LinkedHashMap<String, Integer>();
    var said = new LinkedHashMap<String, Integer>();
    for (var vector : vectors()) {
      var entries = vector.texts("entries").stream().map(Bytes::ofUtf8).toList();
      var request = vector.value("request", RequestId::new);
      var checkpoint = vector.multiline("checkpoint");
      var bundle = new Bundle(request, entries, List.of(), checkpoint, Map.of());
      verifiers
          .say(bundle.files(), entries.getFirst().sha256())
          .forEach(
              (name, program) -> {
                var of = "%s of %s %s".formatted(name, vector.text("name"), program.err());
                expected.put(of, vector.flag("valid") ? 0 : 1);
                said.put(of, program.exit());
              });
    }
    assertThat(expected.values()).contains(0, 1);
    assertThat(said).isEqualTo(expected);
  }
}
