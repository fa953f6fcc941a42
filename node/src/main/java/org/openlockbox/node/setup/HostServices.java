package org.openlockbox.node.setup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.openlockbox.node.service.ClientTls;

/// The services of the packages, where this host runs systemd and has them.
final class HostServices {
  static final String SERVER = "lockbox-server";
  static final String GATEWAY = "lockbox-gateway";

  private static final int SECONDS = 90;

  /// A small host that starts both for the first time takes its time.
  private static final Duration ANSWER = Duration.ofMinutes(4);

  private static final int PAUSE_MS = 500;

  private HostServices() {}

  /// The services of a host.
  static List<String> of(HostRole role) {
    return switch (role) {
      case WHOLE -> List.of(SERVER, GATEWAY);
      case SERVER -> List.of(SERVER);
      case GATEWAY -> List.of(GATEWAY);
    };
  }

  /// Whether those of a host can be started here.
  static boolean areHere(HostRole role) {
    return Files.isDirectory(Path.of("/run/systemd/system"))
        && of(role).stream()
            .map(unit -> Path.of("/usr/lib/systemd/system", unit + ".service"))
            .allMatch(Files::exists);
  }

  /// Starts them, or starts them again with what was just written; answers whether they answer.
  static boolean start(HostPlan plan) {
    Optional<SSLContext> trust =
        ClientTls.of(Optional.of(plan.layout().ca()).filter(Files::exists), Optional.empty());
    System.err.println("lockbox: starting what was made, which takes up to a minute or two");
    return restarted(of(plan.role()))
        && (plan.server().isEmpty() || comes(() -> isHealthy(plan.serverUrl(), trust)))
        && (plan.guarded().isEmpty() || comes(() -> listens(plan.gateway().port())));
  }

  /// A look at a service that may not be there yet.
  private interface ServiceLook {
    boolean sees() throws IOException, InterruptedException;
  }

  private static boolean comes(ServiceLook look) {
    var end = System.nanoTime() + ANSWER.toNanos();
    while (System.nanoTime() - end < 0) {
      try {
        if (look.sees()) {
          return true;
        }
      } catch (IOException notYet) {
        // it is looked at again
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      if (!pause()) {
        return false;
      }
    }
    return false;
  }

  /// That its port is open is not enough: the next command is a call.
  private static boolean isHealthy(URI server, Optional<SSLContext> trust)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(server.resolve("/healthz"))
            .timeout(Duration.ofSeconds(SECONDS))
            .build();
    HttpClient.Builder calling = HttpClient.newBuilder();
    trust.ifPresent(calling::sslContext);
    try (var client = calling.build()) {
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    }
  }

  private static boolean listens(int port) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PAUSE_MS);
      return true;
    }
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

  private static boolean restarted(List<String> services) {
    try {
      var command = new ArrayList<>(List.of("systemctl", "restart"));
      command.addAll(services);
      var process =
          new ProcessBuilder(command)
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
