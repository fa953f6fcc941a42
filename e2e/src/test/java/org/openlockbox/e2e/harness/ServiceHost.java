package org.openlockbox.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A host that runs its own systemd over this machine's `/usr` and network (systemd-nspawn), with
/// the program installed as `docs/install.md` says.
public final class ServiceHost implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Terminal terminal;
  private final Path root;
  private final Typed machine;

  private ServiceHost(Terminal terminal, Path root, Typed machine) {
    this.terminal = terminal;
    this.root = root;
    this.machine = machine;
  }

  /// Boots one whose configuration is what was typed on this host.
  public static ServiceHost boot(EmptyHost host) {
    var terminal = host.terminal();
    terminal.needs(
        "test \"$(id -u)\" = 0 && command -v systemd-nspawn && command -v nsenter",
        "root, systemd-container");
    var root = host.desk().resolveSibling("root");
    var home = Distribution.home();
    var made =
        terminal.types(
            "sh %s/e2e/src/test/resources/service-root.sh %s %s %s %s"
                .formatted(home, root, host.desk(), Distribution.get().directory(), home));
    assertThat(made.exit()).as(made::toString).isZero();
    var booted = new ServiceHost(terminal, root, terminal.begins(nspawn(root)));
    Pause.until("systemd runs", PATIENCE, booted::isUp);
    return booted;
  }

  /// What Debian's Java reads outside `/usr` is mounted as well.
  private static String nspawn(Path root) {
    var command = new ArrayList<String>();
    command.add("SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 exec systemd-nspawn --quiet --boot");
    command.add("--register=no --keep-unit --link-journal=no --resolv-conf=off --timezone=off");
    command.add("--machine=lockbox-%d".formatted(ProcessHandle.current().pid()));
    command.add("--directory=" + root);
    command.add("--bind-ro=/usr --bind-ro=" + root.resolve("local") + ":/usr/local");
    for (String path : List.of("/etc/alternatives", "/etc/ssl", "/etc/java-25-openjdk")) {
      if (Files.isDirectory(Path.of(path))) {
        command.add("--bind-ro=" + path);
      }
    }
    String java = System.getProperty("java.home", "");
    if (!java.startsWith("/usr/lib")) {
      command.add("--bind-ro=" + java);
    }
    command.add("</dev/null");
    return String.join(" ", command);
  }

  private boolean isUp() {
    assertThat(machine.runs()).as(machine::toString).isTrue();
    return types("systemctl list-jobs").exit() == 0;
  }

  /// Types a line as root on that host.
  public Answer types(String line) {
    return terminal.types(
        "nsenter --target \"$(pgrep -P %d)\" --all -- %s".formatted(machine.pid(), line));
  }

  /// What the unit has said since the host booted.
  public String journal(String unit) {
    return types("journalctl --no-pager --output=cat --unit=" + unit).out();
  }

  /// A path of that host.
  public Path path(String path) {
    return root.resolve(path.substring(1));
  }

  @Override
  public void close() {
    machine.close();
  }
}
