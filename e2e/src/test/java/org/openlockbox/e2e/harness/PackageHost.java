package org.openlockbox.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A bootstrapped Debian with its own systemd and PostgreSQL and no network, on which the packages
/// of `build/packages.sh` lie in root's home.
public final class PackageHost implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /// Releases are compressed more, as here with `./lockbox test --long`; it takes half of the time.
  private static final String LEVEL = Boolean.getBoolean("lockbox.long") ? "12" : "3";

  /// As the other programs of the tests; the heap is the packages' own.
  private static final String JAVA = "-XX:TieredStopAtLevel=1";

  private final Terminal outside;
  private final Path root;
  private final Typed machine;

  private PackageHost(Terminal outside, Path root, Typed machine) {
    this.outside = outside;
    this.root = root;
    this.machine = machine;
  }

  /// Makes the packages of what was just compiled into this directory below the test's own.
  public static Path packages(String name) {
    Path made = directory().resolve(name);
    Leftovers.stopped(directory());
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", System.getenv("PATH"));
    environment.put("JAVA_HOME", System.getProperty("java.home", ""));
    environment.put("VERSION", "0.1.0");
    environment.put("SOURCE_DATE_EPOCH", "1767225600");
    environment.put("LEVEL", LEVEL);
    var terminal = new Terminal(environment, directory());
    terminal.needs("command -v dpkg-deb", "dpkg");
    Path build = distribution();
    Path script = Distribution.home().resolve("build/packages.sh");
    terminal.types("%s %s %s".formatted(script, build, made), PATIENCE).ok();
    return made;
  }

  /// The build of this run, with the verifier that the module `verify` packed.
  private static Path distribution() {
    Path build = directory().resolve("dist");
    try {
      Files.createDirectories(build);
      for (String name : List.of("cli.cp", "node.cp", "grammar")) {
        Path file = Distribution.get().directory().resolve(name);
        if (Files.exists(file)) {
          Files.copy(
              file,
              build.resolve(name),
              StandardCopyOption.REPLACE_EXISTING,
              StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
      Files.copy(
          Distribution.home().resolve("verify/target/lockbox-verify.jar"),
          build.resolve("lockbox-verify.jar"),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build;
  }

  private static Path directory() {
    Path directory = Distribution.scratch().resolve("packages");
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Boots a host with these packages.
  public static PackageHost boot(Path packages) {
    var outside = new Terminal(Map.of("PATH", System.getenv("PATH")), directory());
    outside.needs(
        "test \"$(id -u)\" = 0 && command -v systemd-nspawn && command -v nsenter && command -v mmdebstrap",
        "root, systemd-container, mmdebstrap");
    Path root = directory().resolve("root");
    Path script = Distribution.home().resolve("e2e/src/test/resources/debian-root.sh");
    Path tar = Distribution.home().resolve("e2e/target/debian-root.tar");
    outside.types("sh %s %s %s %s %s".formatted(script, tar, root, packages, JAVA), PATIENCE).ok();
    var host = new PackageHost(outside, root, outside.begins(nspawn(root)));
    Pause.until("systemd runs", PATIENCE, host::isUp);
    return host;
  }

  private static String nspawn(Path root) {
    return """
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 exec systemd-nspawn --quiet --boot --register=no --keep-unit \
    --link-journal=no --resolv-conf=off --timezone=off --private-network --machine=packages-%d \
    --directory=%s </dev/null\
    """
        .formatted(ProcessHandle.current().pid(), root);
  }

  private boolean isUp() {
    assertThat(machine.runs()).as(machine::toString).isTrue();
    return types("systemctl list-jobs").exit() == 0;
  }

  /// Types lines as root in `/root`; what fails ends them.
  public Answer types(String lines) {
    try {
      Files.writeString(root.resolve("root/typed.sh"), "set -e -o pipefail\ncd /root\n" + lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return outside.types(
        """
        nsenter --target "$(pgrep -P %d | head -n 1)" --all -- env -i HOME=/root LC_ALL=C.UTF-8 TERM=dumb \
        LOCKBOX_JAVA_OPTS=%s PATH=/usr/sbin:/usr/bin:/sbin:/bin bash /root/typed.sh </dev/null\
        """
            .formatted(machine.pid(), JAVA),
        PATIENCE);
  }

  @Override
  public void close() {
    machine.close();
  }
}
