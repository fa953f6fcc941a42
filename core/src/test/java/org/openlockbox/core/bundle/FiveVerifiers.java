package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.tlog.tree.Hash;

/// Every verifier of a bundle that there is: ours, `verify.py`, `verify.go`, `verify.sh` and
/// `verify.html`, each as its users run it.
final class FiveVerifiers {
  private static final Path SPEC =
      Path.of(System.getProperty("lockbox.home", "..")).resolve("docs/spec").toAbsolutePath();
  private static final Path PAGE = Path.of("src/test/node/page.mjs").toAbsolutePath();
  private static final String PYTHON = "/usr/bin/python3";

  private final Path directory;
  private final String go;

  FiveVerifiers(Path directory) throws IOException, InterruptedException {
    Program.need("python3-cryptography", Map.of(), PYTHON, "-c", "import cryptography");
    Program.need("golang-go", Program.GO, "go", "version");
    for (var tool : List.of("bash", "openssl", "jq", "node")) {
      Program.need(tool, Map.of(), tool, tool.equals("openssl") ? "version" : "--version");
    }
    this.directory = directory;
    this.go = directory.resolve("verify").toString();
    var source = SPEC.resolve("verify.go").toString();
    var built = Program.run(directory, Program.GO, List.of("go", "build", "-o", go, source));
    assertThat(built.exit()).as(built.err()).isZero();
  }

  /// What each says of the bundle with these files.
  Map<String, Program> say(SortedMap<String, Bytes> files, Hash pin)
      throws IOException, InterruptedException {
    var zip = Files.write(directory.resolve("a.zip"), StoredZip.write(files).toArray()).toString();
    var unpacked = Files.createTempDirectory(directory, "unpacked");
    for (var file : files.entrySet()) {
      var path = unpacked.resolve(file.getKey());
      Files.createDirectories(Optional.ofNullable(path.getParent()).orElseThrow());
      Files.write(path, file.getValue().toArray());
    }
    var said = new LinkedHashMap<String, Program>();
    said.put("core", core(Path.of(zip), pin));
    said.put("verify.py", run(PYTHON, "-B", SPEC.resolve("verify.py"), zip, pin.hex()));
    said.put("verify.go", run(go, zip, pin.hex()));
    said.put("verify.sh", Program.run(unpacked, "bash", "verify.sh", pin.hex()));
    said.put("verify.html", run("node", PAGE, unpacked.resolve("verify.html"), zip, pin.hex()));
    return said;
  }

  /// That each ends with this code, and says these words on the way.
  void allSay(int exit, String words, SortedMap<String, Bytes> files, Hash pin)
      throws IOException, InterruptedException {
    var said = say(files, pin);
    said.forEach(
        (name, program) -> {
          assertThat(program.exit()).as(name + ": " + program.err()).isEqualTo(exit);
          assertThat(program.err() + program.out()).as(name).contains(words);
        });
    assertThat(said).hasSize(5);
  }

  private Program run(Object... words) throws IOException, InterruptedException {
    var texts = List.of(words).stream().map(Object::toString).toList();
    return Program.run(directory, Map.of(), texts);
  }

  private static Program core(Path zip, Hash pin) throws IOException {
    var report =
        Report.of(
            Files.readAllBytes(zip),
            Optional.of(pin),
            Conditions.NONE,
            Report.ReportFormat.TEXT,
            "a.zip");
    int exit =
        switch (report.verdict()) {
          case VERIFIED -> 0;
          case BROKEN -> 1;
          case NOT_CHECKED -> 3;
        };
    return new Program(exit, report.data(), String.join("\n", report.talk()));
  }
}
