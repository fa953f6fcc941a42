package org.openlockbox.postgres.fence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.openlockbox.gateway.testing.Await;

/// A Keycloak of one version over a database of its own, as its makers ship it. It migrates the
/// database when it starts.
final class KeycloakProcess implements AutoCloseable {
  /// Where `build/test.sh` unpacks them.
  private static final Path VERSIONS = Path.of("target", "keycloak");

  private static final Path SCRIPT = Path.of("src/test/resources/keycloak/administration.py");
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "JAVA_HOME",
          System.getProperty("java.home"),
          "JAVA_OPTS_KC_HEAP",
          "-Xms64m -Xmx500m",
          "JAVA_OPTS_APPEND",
          "-XX:TieredStopAtLevel=1 -Dnet.bytebuddy.experimental=true", // 25 knows no Java 25
          "KC_BOOTSTRAP_ADMIN_USERNAME",
          "admin",
          "KC_BOOTSTRAP_ADMIN_PASSWORD",
          "admin",
          "KEYCLOAK_ADMIN", // of versions before 26
          "admin",
          "KEYCLOAK_ADMIN_PASSWORD",
          "admin");

  private final Path home;
  private final int port;
  private final Process process;

  private KeycloakProcess(String version, String databaseUrl) throws IOException {
    home = home(version);
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var builder =
        new ProcessBuilder(
            "sh",
            "bin/kc.sh",
            "start-dev",
            "--db=postgres",
            "--db-url=" + databaseUrl,
            "--db-username=keycloak",
            "--db-password=unused",
            "--db-pool-max-size=10",
            "--cache=local",
            "--http-host=127.0.0.1",
            "--http-port=" + port);
    builder.environment().putAll(ENVIRONMENT);
    process =
        builder
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile())
            .start();
  }

  static boolean isHere(String version) {
    return Files.exists(home(version).resolve("bin/kc.sh"));
  }

  private static Path home(String version) {
    return VERSIONS.resolve("keycloak-" + version).toAbsolutePath();
  }

  /// Starts it, and waits until it answers.
  static KeycloakProcess start(String version, String databaseUrl) throws Exception {
    var keycloak = new KeycloakProcess(version, databaseUrl);
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!keycloak.answers()) {
      if (System.nanoTime() > until || !keycloak.process.isAlive()) {
        keycloak.close();
        fail("Keycloak does not answer: " + keycloak.log());
      }
      Await.atLeast(BETWEEN_LOOKS);
    }
    return keycloak;
  }

  /// Starts it, and waits until it ends by itself; what it said.
  static String endsByItself(String version, String databaseUrl) throws Exception {
    try (var keycloak = new KeycloakProcess(version, databaseUrl)) {
      assertThat(keycloak.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(keycloak.process.exitValue()).as(keycloak.log()).isNotZero();
      return keycloak.log();
    }
  }

  private boolean answers() throws InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var master = URI.create("http://127.0.0.1:" + port + "/realms/master");
      var request = HttpRequest.newBuilder(master).timeout(Duration.ofSeconds(20)).build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /// Administers it over its REST API (`administration.py`).
  void administer(String verb, List<String> realms) throws Exception {
    var words =
        new ArrayList<>(List.of("python3", SCRIPT.toString(), Integer.toString(port), verb));
    words.addAll(realms);
    var python = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(python.getInputStream().readAllBytes(), UTF_8);
    assertThat(python.waitFor()).as(verb + ": " + said).isZero();
  }

  private String log() {
    try {
      return Files.readString(home.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends it: the script and the Java that it started.
  @Override
  public void close() {
    var all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroy);
    for (ProcessHandle each : all) {
      try {
        each.onExit().get(30, TimeUnit.SECONDS);
      } catch (InterruptedException | ExecutionException | TimeoutException stillThere) {
        each.destroyForcibly();
      }
    }
  }
}
