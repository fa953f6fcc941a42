package org.openlockbox.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openlockbox.check.forward.ProxyConfiguration;
import org.openlockbox.check.forward.ProxyDialect;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.testing.Await;

/// nginx and Caddy as Debian has them, with the configuration that is printed for them, in front of
/// a service. Without the two programs these tests are skipped, and fail where CI=true.
class RealProxiesTest {
  /// What a stream has for each event.
  private static final int EVENT = "data: 000000\n\n".length();

  @TempDir Path directory;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private CheckFixture checks;
  private StreamingService service;
  private RequestEntry asked;
  private String token;

  @BeforeEach
  void start() throws IOException {
    checks = new CheckFixture();
    service = new StreamingService();
    asked = checks.approved(checks.acme, "alice", Level.READ);
    token = checks.login(checks.acme, asked);
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    service.close();
    checks.close();
  }

  /// A proxy that runs.
  private record RunningProxy(Process process, int port) implements AutoCloseable {
    @Override
    public void close() {
      Stream.concat(process.descendants(), Stream.of(process.toHandle()))
          .forEach(ProcessHandle::destroy);
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Path program(ProxyDialect dialect) {
    Path found =
        Stream.of("/usr/sbin", "/usr/bin", "/usr/local/bin")
            .map(each -> Path.of(each, dialect.word()))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(Path.of(""));
    if (!"true".equals(System.getenv("CI"))) {
      assumeTrue(!found.toString().isEmpty(), dialect.word() + " is not installed");
    }
    return found;
  }

  private RunningProxy proxy(ProxyDialect dialect) throws IOException {
    int port = freePort();
    String printed = printed(dialect, service);
    return started(
        dialect,
        port,
        dialect == ProxyDialect.NGINX
            ? nginx(server(port, "", printed))
            : caddy(site(port, "127.0.0.1", printed)));
  }

  private String printed(ProxyDialect dialect, StreamingService before) {
    return new ProxyConfiguration(
            URI.create("https://localhost:" + checks.gateway.port()), "helpdesk", before.base())
        .of(dialect)
        .replace("/etc/" + dialect.word() + "/lockbox", directory.toString());
  }

  private RunningProxy started(ProxyDialect dialect, int port, String configuration)
      throws IOException {
    Path program = program(dialect);
    Files.writeString(directory.resolve("ca.pem"), CheckFixture.CERTIFICATE.certificatePem());
    Files.writeString(
        directory.resolve("caller.conf"),
        "proxy_set_header X-Lockbox-Caller " + CheckFixture.PROXY + ";\n");
    Path file = directory.resolve("proxy.conf");
    boolean nginx = dialect == ProxyDialect.NGINX;
    Files.writeString(file, configuration);
    List<String> command =
        nginx
            ? List.of(program.toString(), "-p", directory.toString(), "-c", file.toString())
            : List.of(
                program.toString(), "run", "--adapter", "caddyfile", "--config", file.toString());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile());
    builder.environment().put("LOCKBOX_CALLER", CheckFixture.PROXY);
    builder.environment().put("HOME", directory.toString());
    var running = new RunningProxy(builder.start(), port);
    Await.until(() -> isListening(port) || !running.process().isAlive());
    assertThat(running.process().isAlive()).as(Files.readString(directory.resolve("log"))).isTrue();
    return running;
  }

  private String nginx(String servers) {
    String temporary =
        Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            .map(each -> "%s_temp_path %s/%s;\n".formatted(each, directory, each))
            .reduce("", String::concat);
    return """
        daemon off;
        pid %1$s/nginx.pid;
        error_log stderr;
        events {}
        http {
        access_log off;
        %2$s
        %3$s
        }
        """
        .formatted(directory, temporary, servers);
  }

  private static String server(int port, String name, String printed) {
    return "server {\nlisten 127.0.0.1:%d;\n%s\n%s\n}\n"
        .formatted(port, name.isEmpty() ? "" : "server_name " + name + ";", printed);
  }

  private static String caddy(String sites) {
    return "{\n\tadmin off\n\tauto_https off\n}\n" + sites;
  }

  private static String site(int port, String name, String printed) {
    return "http://%s:%d {\n%s\n}\n".formatted(name, port, printed);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static boolean isListening(int port) {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpRequest.Builder asking(RunningProxy proxy, String target) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port() + target))
        .header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> get(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @ParameterizedTest
  @EnumSource(names = {"NGINX", "CADDY"})
  void theServiceHearsWhatWasAllowedAndWhoseAccessItIs(ProxyDialect dialect) throws Exception {
    try (var proxy = proxy(dialect)) {
      HttpResponse<String> yes = get(asking(proxy, "/t/acme/tickets?page=2"));
      assertThat(yes.statusCode()).as(yes.body()).isEqualTo(200);
      assertThat(yes.body()).isEqualTo("{\"tickets\":[]}");
      assertThat(service.reached())
          .singleElement()
          .satisfies(
              each -> {
                assertThat(each.line()).isEqualTo("GET /t/acme/tickets?page=2");
                assertThat(each.headers())
                    .containsEntry("X-Lockbox-Request", asked.submission().id().value())
                    .containsEntry("X-Lockbox-Engineer", "alice")
                    .doesNotContainKey("Authorization")
                    .doesNotContainKey("X-Lockbox-Caller");
              });
      assertThat(checks.acmesPlane.statements()).containsExactly("GET /t/acme/tickets?page=2");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NGINX", "CADDY"})
  void whatIsDeniedReachesNobody(ProxyDialect dialect) throws Exception {
    try (var proxy = proxy(dialect)) {
      for (String target :
          List.of(
              "/t/acme/customers",
              "/t/globex/tickets",
              "/t/acme/tickets?admin=1",
              "/t/acme/tickets/",
              "/t//acme/tickets",
              "/t/acme/%74ickets",
              "/lockbox-check",
              "/forward/" + dialect.word() + "/helpdesk")) {
        assertThat(get(asking(proxy, target)).statusCode()).as(target).isIn(403, 404);
      }
      HttpRequest.Builder change =
          asking(proxy, "/t/acme/tickets/7")
              .method("PATCH", HttpRequest.BodyPublishers.ofString("{}"));
      assertThat(get(change).statusCode()).isEqualTo(403);
      HttpRequest.Builder nobody =
          asking(proxy, "/t/acme/tickets").setHeader("Authorization", "Bearer nobody");
      assertThat(get(nobody).statusCode()).isEqualTo(401);
      assertThat(service.reached()).isEmpty();
    }
  }

  /// What only the proxy may say, said by its client.
  @ParameterizedTest
  @EnumSource(names = {"NGINX", "CADDY"})
  void headersOfAClientAreOverwritten(ProxyDialect dialect) throws Exception {
    Map<String, String> claims =
        Map.of(
            "X-Original-URI", "/t/acme/tickets",
            "X-Original-Method", "GET",
            "X-Original-Host", "helpdesk.example.com",
            "X-Forwarded-Uri", "/t/acme/tickets",
            "X-Forwarded-Method", "GET",
            "X-Forwarded-Host", "helpdesk.example.com",
            "X-Lockbox-Caller", CheckFixture.STRANGER,
            "X-Lockbox-Engineer", "root",
            "X-Lockbox-Level", "write");
    try (var proxy = proxy(dialect)) {
      HttpRequest.Builder other = asking(proxy, "/t/globex/tickets");
      claims.forEach(other::header);
      assertThat(get(other).statusCode()).isEqualTo(403);
      HttpRequest.Builder own = asking(proxy, "/t/acme/tickets");
      claims.forEach(own::header);
      assertThat(get(own).statusCode()).isEqualTo(200);
      assertThat(service.reached())
          .singleElement()
          .satisfies(
              each ->
                  assertThat(each.headers())
                      .containsEntry("X-Lockbox-Engineer", "alice")
                      .containsEntry("X-Lockbox-Level", "read"));
    }
  }

  /// The limit of *checked*: the next request is denied within a second, and a stream that has
  /// begun goes on. Approvers read that before they sign (`Assurance.CHECKED`).
  @ParameterizedTest
  @EnumSource(names = {"NGINX", "CADDY"})
  void aStreamThatHasBegunGoesOnAfterTheRevocation(ProxyDialect dialect) throws Exception {
    try (var proxy = proxy(dialect)) {
      HttpResponse<InputStream> stream =
          client.send(asking(proxy, "/t/acme/events").build(), BodyHandlers.ofInputStream());
      assertThat(stream.statusCode()).isEqualTo(200);
      assertThat(new String(stream.body().readNBytes(EVENT), UTF_8)).startsWith("data: 000000");
      checks.acme.revoke(asked, "ann");
      checks.acmesPlane.end(asked.submission().id());
      long began = System.nanoTime();
      while (get(asking(proxy, "/t/acme/tickets")).statusCode() == 200) {
        assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(1));
      }
      Await.until(() -> !checks.acmesPlane.reasons().isEmpty());
      String after = new String(stream.body().readNBytes(100 * EVENT), UTF_8);
      assertThat(after.lines().filter(line -> line.startsWith("data:"))).hasSize(100);
      assertThat(get(asking(proxy, "/t/acme/events")).statusCode()).isEqualTo(403);
      stream.body().close();
    }
  }

  /// Whoever cannot ask lets nobody through.
  @ParameterizedTest
  @EnumSource(names = {"NGINX", "CADDY"})
  void withoutTheGatewayNothingPasses(ProxyDialect dialect) throws Exception {
    try (var proxy = proxy(dialect)) {
      assertThat(get(asking(proxy, "/t/acme/tickets")).statusCode()).isEqualTo(200);
      checks.gateway.close();
      assertThat(get(asking(proxy, "/t/acme/tickets")).statusCode()).isBetween(500, 599);
      assertThat(service.reached()).hasSize(1);
    }
  }

  /// A request as no library would send it; answers its status line.
  private static String raw(RunningProxy proxy, String... lines) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(UTF_8));
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
    }
  }

  /// A proxy serves by the host of the request line, if there is one. The gateway has to hear the
  /// same host.
  @ParameterizedTest
  @EnumSource(names = {"NGINX", "CADDY"})
  void aRequestForTheHostOfAnotherTenantIsDeniedWhateverItsHeaderSays(ProxyDialect dialect)
      throws Exception {
    checks.close();
    checks = CheckFixture.withHosts();
    asked = checks.approved(checks.acme, "alice", Level.READ);
    token = checks.login(checks.acme, asked);
    int port = freePort();
    try (var others = new StreamingService()) {
      String acme = printed(dialect, service);
      String globex = printed(dialect, others);
      String both =
          dialect == ProxyDialect.NGINX
              ? nginx(
                  server(port, "acme.office.example", acme)
                      + server(port, "globex.office.example", globex))
              : caddy(
                  site(port, "acme.office.example", acme)
                      + site(port, "globex.office.example", globex));
      try (var proxy = started(dialect, port, both)) {
        String bearer = "Authorization: Bearer " + token;
        assertThat(
                raw(
                    proxy,
                    "GET http://globex.office.example/t/acme/tickets HTTP/1.1",
                    "Host: acme.office.example",
                    "X-Forwarded-Host: acme.office.example",
                    bearer))
            .contains(" 403 ");
        assertThat(raw(proxy, "GET /t/acme/tickets HTTP/1.1", "Host: acme.office.example", bearer))
            .contains(" 200 ");
        assertThat(others.reached()).isEmpty();
        assertThat(checks.acmesPlane.statements())
            .contains("GET acme.office.example/t/acme/tickets");
      }
    }
  }

  /// What a client sends besides the request that was asked about.
  @ParameterizedTest
  @EnumSource(names = {"NGINX", "CADDY"})
  void theServiceGetsNothingThatMakesItAnotherRequest(ProxyDialect dialect) throws Exception {
    try (var proxy = proxy(dialect)) {
      assertThat(
              raw(
                  proxy,
                  "GET /t/acme/tickets HTTP/1.1",
                  "Host: 127.0.0.1:" + proxy.port(),
                  "Authorization: Bearer " + token,
                  "Connection: X-Lockbox-Level, X-Lockbox-Engineer",
                  "X_Lockbox_Level: write",
                  "X-HTTP-Method: DELETE",
                  "X-HTTP-Method-Override: DELETE",
                  "X-Method-Override: DELETE",
                  "X-Original-URL: /t/globex/tickets",
                  "X-Rewrite-URL: /t/globex/tickets",
                  "Forwarded: host=globex.office.example",
                  "X-Forwarded-Host: globex.office.example"))
          .contains(" 200 ");
      assertThat(service.reached())
          .singleElement()
          .satisfies(
              each ->
                  assertThat(each.headers())
                      .containsEntry("X-Lockbox-Level", "read")
                      .containsEntry("X-Lockbox-Engineer", "alice")
                      .doesNotContainKeys(
                          "X_Lockbox_Level",
                          "X-HTTP-Method",
                          "X-HTTP-Method-Override",
                          "X-Method-Override",
                          "X-Original-URL",
                          "X-Rewrite-URL",
                          "Forwarded",
                          "X-Forwarded-Host",
                          "Authorization"));
    }
  }

  /// What follows an upgrade is no request that anybody could ask about.
  @ParameterizedTest
  @EnumSource(names = {"NGINX", "CADDY"})
  void noUpgradeReachesTheService(ProxyDialect dialect) throws Exception {
    try (var proxy = proxy(dialect)) {
      raw(
          proxy,
          "GET /t/acme/tickets HTTP/1.1",
          "Host: 127.0.0.1:" + proxy.port(),
          "Authorization: Bearer " + token,
          "Connection: Upgrade",
          "Upgrade: websocket");
      assertThat(service.reached())
          .allSatisfy(each -> assertThat(each.headers()).doesNotContainKey("Upgrade"));
    }
  }
}
