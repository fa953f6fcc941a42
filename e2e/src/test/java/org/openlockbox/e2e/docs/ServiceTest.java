package org.openlockbox.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.EmptyHost;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.ServiceHost;
import org.openlockbox.node.process.Ports;

/// The units of `build/systemd`, as `docs/install.md` shows them, under a real systemd: they start,
/// answer, stop, come back after a `kill -9`, and write nowhere but in their state directory.
@Tag("slow")
class ServiceTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Test
  void theUnitsRunAsThePageSays() throws Exception {
    int control = Ports.free();
    int protectedServer = Ports.free();
    int gatewayPort = Ports.free();
    try (var host = EmptyHost.start("service", control, protectedServer);
        var typist =
            new Typist(
                host.terminal(),
                host.notes(),
                elsewhere(host, control, protectedServer, gatewayPort))) {
      var blocks = Page.of("docs/install.md").blocks().stream().filter(ServiceTest::isRun).toList();
      int up = first(blocks);
      blocks.subList(0, up).forEach(typist::types);
      try (var service = ServiceHost.boot(host)) {
        var before = files(service.path("/etc/lockbox"));
        succeeds(service, "systemctl start lockbox");
        isUp(service, gatewayPort);
        assertThat(service.journal("lockbox")).doesNotContain("what its kernel holds");
        typist.types(blocks.get(up + 1)); // the profiles, and who am I
        assertThat(files(service.path("/var/lib/lockbox")))
            .contains("heads/heads", "heads/lock", "wrapping-key");

        succeeds(service, "systemctl stop lockbox");
        assertThat(shown(service, "ActiveState", "Result")).containsExactly("inactive", "success");
        succeeds(service, "systemctl start lockbox");
        isUp(service, gatewayPort);
        succeeds(service, "systemctl kill --signal=KILL lockbox");
        Pause.until("a restart", PATIENCE, () -> shown(service, "NRestarts").equals(List.of("1")));
        isUp(service, gatewayPort);
        succeeds(service, "systemctl stop lockbox");
        assertThat(files(service.path("/etc/lockbox"))).isEqualTo(before);

        whatCannotBeWrittenIsNamed(service);
      }
    }
  }

  @Test
  void thePageShowsTheUnit() throws IOException {
    var shown =
        Page.of("docs/install.md").blocks().stream()
            .filter(block -> block.language().equals("ini"))
            .map(Block::text)
            .toList();
    assertThat(shown).containsExactly(unit("lockbox.service"));
  }

  /// The two units differ in the name of their configuration alone.
  @Test
  void theTemplateIsTheUnitForAnotherConfiguration() throws IOException {
    assertThat(unit("lockbox@.service"))
        .isEqualTo(
            unit("lockbox.service")
                .replace("Description=OpenLockbox", "Description=OpenLockbox, %i")
                .replace("/etc/lockbox/lockbox.yaml", "/etc/lockbox/%i.yaml")
                .replace("RuntimeDirectory=lockbox", "RuntimeDirectory=lockbox-%i"));
  }

  private static String unit(String name) throws IOException {
    return Files.readString(Distribution.home().resolve("build/systemd").resolve(name));
  }

  /// A configuration that names no state directory would write beside itself.
  private static void whatCannotBeWrittenIsNamed(ServiceHost service) {
    service.types("systemctl start lockbox@stateless");
    Pause.until(
        "the cause in the journal",
        PATIENCE,
        () -> service.journal("lockbox@stateless").contains("cannot be written"));
    service.types("systemctl stop lockbox@stateless");
    assertThat(service.journal("lockbox@stateless"))
        .contains("/etc/lockbox/stateless.yaml.")
        .contains("cannot be written: Read-only file system")
        .contains("state: /var/lib/lockbox");
  }

  private static void isUp(ServiceHost service, int gatewayPort) {
    try {
      Pause.until("the gateway answers", PATIENCE, () -> answers(gatewayPort));
    } catch (AssertionError silent) {
      throw new AssertionError(service.journal("lockbox"), silent);
    }
    var active = service.types("systemctl is-active lockbox");
    assertThat(active.out().strip()).as(() -> service.journal("lockbox")).isEqualTo("active");
  }

  /// PostgreSQL's SSLRequest, to which a gateway says yes.
  private static boolean answers(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(ByteBuffer.allocate(8).putInt(8).putInt(80877103).array());
      return socket.getInputStream().read() == 'S';
    } catch (IOException e) {
      return false;
    }
  }

  private static void succeeds(ServiceHost service, String line) {
    var answer = service.types(line);
    assertThat(answer.exit()).as(() -> answer + service.journal("lockbox")).isZero();
  }

  private static List<String> shown(ServiceHost service, String... properties) {
    return Stream.of(properties)
        .map(name -> service.types("systemctl show --value -p " + name + " lockbox").out().strip())
        .toList();
  }

  private static List<String> files(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(directory::relativize)
          .map(Path::toString)
          .sorted()
          .toList();
    }
  }

  private static boolean isRun(Block block) {
    return block.isTyped() && !block.isNotRun();
  }

  /// The block that starts the program in a terminal.
  private static int first(List<Block> blocks) {
    int at = 0;
    while (blocks.get(at).goesOnAfter().isEmpty()) {
      at++;
    }
    return at;
  }

  private static Map<String, String> elsewhere(
      EmptyHost host, int control, int protectedServer, int gatewayPort) {
    var elsewhere = new LinkedHashMap<String, String>();
    elsewhere.put("5432", Integer.toString(control));
    elsewhere.put("5433", Integer.toString(protectedServer));
    elsewhere.put("8443", Integer.toString(Ports.free()));
    elsewhere.put("6432", Integer.toString(gatewayPort));
    elsewhere.put("tls: disable}", "tls: disable, minimumVersion: 18.6}");
    elsewhere.put("/var/lib/lockbox", host.state().toString());
    return elsewhere;
  }
}
