package org.openlockbox.node.setup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The services of the packages, where this host runs systemd and has them.
final class HostServices {
  static final String SERVER = "lockbox-server";
  static final String GATEWAY = "lockbox-gateway";

  private static final List<Path> UNITS =
      List.of(
          Path.of("/usr/lib/systemd/system", SERVER + ".service"),
          Path.of("/usr/lib/systemd/system", GATEWAY + ".service"));
  private static final int SECONDS = 90;
  private static final int PAUSE_MS = 500;

  private HostServices() {}

  /// Whether both can be started here.
  static boolean areHere() {
    return Files.isDirectory(Path.of("/run/systemd/system"))
        && UNITS.stream().allMatch(Files::exists);
  }

  /// Starts both, or starts them again with what was just written; answers whether they answer.
  static boolean start(int... ports) {
    return restarted() && Arrays.stream(ports).allMatch(HostServices::answers);
  }

  private static boolean answers(int port) {
    var end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    while (System.nanoTime() - end < 0) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PAUSE_MS);
        return true;
      } catch (IOException notYet) {
        if (!pause()) {
          return false;
        }
      }
    }
    return false;
  }

  private static boolean pause() {
    try {
      Thread.sleep(PAUSE_MS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean restarted() {
    try {
      var process =
          new ProcessBuilder("systemctl", "restart", SERVER, GATEWAY)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .start();
      return process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
