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
/// `verify.html`.
final class FiveVerifiers {
  private final Path directory;

  FiveVerifiers(Path directory) throws InterruptedException {
    for (var tool : List.of("bash", "openssl", "jq")) {
      Program.need(tool, Map.of(), tool, tool.equals("openssl") ? "version" : "--version");
    }
    this.directory = directory;
  }

  /// What each says of the bundle with these files.
  Map<String, Program> say(SortedMap<String, Bytes> files, Hash pin)
      throws IOException, InterruptedException {
    var zip = Files.write(directory.resolve("a.zip"), StoredZip.write(files).toArray());
    var unpacked = Files.createTempDirectory(directory, "unpacked");
    for (var file : files.entrySet()) {
      var path = unpacked.resolve(file.getKey());
      Files.createDirectories(Optional.ofNullable(path.getParent()).orElseThrow());
      Files.write(path, file.getValue().toArray());
    }
    var said = new LinkedHashMap<String, Program>();
    said.put("core", core(zip, pin));
    said.put("verify.py", ScriptedVerifiers.python(zip, pin.hex()));
    said.put("verify.go", ScriptedVerifiers.go(directory, zip, pin.hex()));
    said.put("verify.sh", Program.run(unpacked, "bash", "verify.sh", pin.hex()));
    said.put(
        "verify.html", ScriptedVerifiers.page(unpacked.resolve("verify.html"), zip, pin.hex()));
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
