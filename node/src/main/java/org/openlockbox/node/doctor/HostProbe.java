package org.openlockbox.node.doctor;

import static org.openlockbox.node.doctor.HostFinding.broken;
import static org.openlockbox.node.doctor.HostFinding.ok;
import static org.openlockbox.node.doctor.HostFinding.warning;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openlockbox.node.config.NodeConfig.Listen;

/// What every part needs of its host.
final class HostProbe {
  private static final int TIMEOUT_MS = 3_000;
  private static final long MEGABYTE = 1L << 20;
  private static final long LOW = 1_024 * MEGABYTE;
  private static final long FULL = 100 * MEGABYTE;

  private HostProbe() {}

  /// Whether the time comes from elsewhere.
  static List<HostFinding> clock() {
    String subject = "clock";
    try {
      var process =
          new ProcessBuilder("timedatectl", "show", "-p", "NTPSynchronized", "--value")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      process.waitFor(TIMEOUT_MS, TimeUnit.MILLISECONDS);
      if (said.equals("yes")) {
        return List.of(ok(subject, "It is synchronized by NTP."));
      }
    } catch (IOException notHere) {
      // told below
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return List.of(
        warning(
            subject,
            "Nothing says that NTP keeps it: grants end by this clock.",
            "apt install systemd-timesyncd, or chrony; then timedatectl."));
  }

  /// Whether somebody answers where a part listens.
  static List<HostFinding> port(String subject, Listen listen, String unit) {
    var here = listen.host().equals("0.0.0.0") ? InetAddress.getLoopbackAddress() : null;
    var address =
        here == null
            ? new InetSocketAddress(listen.host(), listen.port())
            : new InetSocketAddress(here, listen.port());
    try (var socket = new Socket()) {
      socket.connect(address, TIMEOUT_MS);
      return List.of(ok(subject, "It answers at %s.".formatted(listen)));
    } catch (IOException e) {
      return List.of(
          broken(
              subject,
              "Nobody answers at %s.".formatted(listen),
              "systemctl start %s; journalctl -u %s says why it ended.".formatted(unit, unit)));
    }
  }

  /// Whether what is written here finds room.
  static List<HostFinding> disk(Path directory) throws IOException {
    String subject = "disk";
    Path there = Files.exists(directory) ? directory : directory.toAbsolutePath().getParent();
    if (there == null || !Files.exists(there)) {
      return List.of(broken(subject, directory + " does not exist.", "mkdir " + directory));
    }
    long free = Files.getFileStore(there).getUsableSpace();
    String text = "%d MB are free in %s.".formatted(free / MEGABYTE, directory);
    if (free < FULL) {
      return List.of(broken(subject, text, "Make room: without it nothing is signed."));
    }
    return List.of(free < LOW ? warning(subject, text, "Make room soon.") : ok(subject, text));
  }

  /// A key that belongs offline.
  static List<HostFinding> offline(Path directory) {
    String subject = "gateway authority's key";
    return Files.isDirectory(directory)
        ? List.of(
            warning(
                subject,
                directory + " is on this host: who takes it over can certify gateways.",
                "Move it to a medium that is kept offline, with a copy."))
        : List.of(ok(subject, "It is not on this host."));
  }
}
