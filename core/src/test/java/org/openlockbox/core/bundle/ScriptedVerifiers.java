package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// `verify.py`, `verify.go` and the script of `verify.html` over many bundles: each interpreter is
/// started once for this JVM, and the program in Go is built once. Starting them costs more than
/// what they check. [OtherVerifiersTest] sees that a process of its own says the same.
final class ScriptedVerifiers {
  static final String PYTHON = "/usr/bin/python3";
  static final Path SPEC =
      Path.of(System.getProperty("lockbox.home", "..")).resolve("docs/spec").toAbsolutePath();
  static final String SCRIPT = SPEC.resolve("verify.py").toString();
  static final String PAGE = Path.of("src/test/node/page.mjs").toAbsolutePath().toString();

  private static final Map<List<String>, Running> RUNNING = new ConcurrentHashMap<>();
  private static final Map<Path, String> BUILT = new ConcurrentHashMap<>();

  private ScriptedVerifiers() {}

  static Program python(Path zip, String pin) throws IOException, InterruptedException {
    Program.need("python3-cryptography", Map.of(), PYTHON, "-c", "import cryptography");
    var stays = Path.of("src/test/python/stays.py").toAbsolutePath().toString();
    return running(List.of(PYTHON, "-B", stays, SCRIPT)).answers(zip.toString(), pin);
  }

  /// @param html the page that the bundle holds
  static Program page(Path html, Path zip, String pin) throws IOException, InterruptedException {
    Program.need("node", Map.of(), "node", "--version");
    return running(List.of("node", PAGE)).answers(html.toString(), zip.toString(), pin);
  }

  static Program go(Path directory, Path zip, String pin) throws IOException, InterruptedException {
    return Program.run(directory, built(SPEC.resolve("verify.go")), zip.toString(), pin);
  }

  /// The program of one file in Go.
  static String built(Path source) throws IOException, InterruptedException {
    Program.need("golang-go", Program.GO, "go", "version");
    var known = BUILT.get(source);
    if (known != null) {
      return known;
    }
    var directory = Files.createTempDirectory("built");
    directory.toFile().deleteOnExit();
    var program = directory.resolve("verify");
    program.toFile().deleteOnExit();
    var words =
        List.of("go", "build", "-o", program.toString(), source.toAbsolutePath().toString());
    var built = Program.run(directory, Program.GO, words);
    assertThat(built.exit()).as(built.err()).isZero();
    BUILT.put(source, program.toString());
    return program.toString();
  }

  private static Running running(List<String> command) throws IOException {
    var known = RUNNING.get(command);
    if (known != null) {
      return known;
    }
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var started =
        new Running(
            process.outputWriter(StandardCharsets.UTF_8),
            process.inputReader(StandardCharsets.UTF_8));
    RUNNING.put(command, started);
    return started;
  }

  /// It ends with this JVM, which closes its input.
  private record Running(Writer asked, BufferedReader answers) {
    synchronized Program answers(String... words) throws IOException {
      asked.write(String.join("\t", words) + "\n");
      asked.flush();
      var line = answers.readLine();
      assertThat(line).as("it has ended").isNotNull();
      var answer = line.split("\t", -1);
      return new Program(Integer.parseInt(answer[0]), text(answer[1]), text(answer[2]));
    }

    private static String text(String base64) {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
  }
}
