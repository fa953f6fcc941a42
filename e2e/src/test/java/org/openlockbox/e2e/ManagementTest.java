package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.e2e.harness.Typed;
import org.openlockbox.node.process.Ports;

/// What server and gateway tell on their management ports while all is well, while the disk of the
/// signed heads is full, and when the database is gone.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ManagementTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String ASKS =
      "lockbox request create --tenant acme --resource helpdesk --level masked --for PT1H"
          + " --purpose customer_ticket --ticket SUP-1 --reason 'Cannot log in'";

  private final Demo demo = Demo.start("management");
  private final HttpClient http = HttpClient.newHttpClient();
  private final int serverPort = Ports.free();
  private final int gatewayPort = Ports.free();
  private Typed server = demo.program();
  private Typed gateway = demo.program();

  @BeforeAll
  void startApart() throws IOException {
    demo.kill();
    String config = Files.readString(demo.state().resolve("lockbox.yaml"));
    int at = config.indexOf("\ngateway:\n");
    String kept =
        "  wrappingKey: lockbox.yaml.wrapping-key\n  signedHeads: lockbox.yaml.heads\n  logKey:";
    write("server.yaml", config.substring(0, at).replace("  logKey:", kept), serverPort);
    write("gateway.yaml", "resources: resources.yaml\n" + config.substring(at), gatewayPort);
    server = up("server.yaml");
    gateway = up("gateway.yaml");
  }

  private void write(String name, String text, int port) throws IOException {
    Files.writeString(
        demo.state().resolve(name), text + "\nmanagement: {listen: \"127.0.0.1:" + port + "\"}\n");
  }

  private Typed up(String config) {
    Typed node = demo.terminal("operator").begins("exec lockbox up --config ../" + config);
    return node.prints("lockbox is up");
  }

  @AfterAll
  void stop() {
    http.close();
    gateway.close();
    server.close();
    demo.close();
  }

  private HttpResponse<String> get(int port, String path) {
    try {
      var call = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
      return http.send(call, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void ready(int port) {
    Pause.until("ready", SOON, () -> get(port, "/readyz").statusCode() == 200);
    assertThat(get(port, "/livez").statusCode()).isEqualTo(200);
  }

  @Test
  @Order(1)
  void bothAreReadyAndNothingElseIsAnswered() {
    ready(serverPort);
    ready(gatewayPort);
    assertThat(get(serverPort, "/readyz").body())
        .isEqualTo("{\"server.database\":\"up\",\"server.signing\":\"up\",\"status\":\"up\"}\n");
    assertThat(get(gatewayPort, "/readyz").body())
        .isEqualTo("{\"gateway.accepting\":\"up\",\"gateway.lease\":\"up\",\"status\":\"up\"}\n");
    assertThat(get(gatewayPort, "/").statusCode()).isEqualTo(404);
  }

  @Test
  @Order(2)
  void aSessionShowsInTheFiguresOfBoth() throws IOException {
    String request = demo.askAndApprove("acme", "masked", "--for PT1H");
    Terminal engineer = demo.terminal("engineer");
    assertThat(engineer.types("lockbox psql " + request + " -- -At -c 'select 1'").ok())
        .isEqualTo("1\n");
    Pause.until(
        "the fence was looked at",
        SOON,
        () ->
            get(gatewayPort, "/metrics")
                .body()
                .contains("lockbox_gateway_fence{resource=\"helpdesk\",state=\"intact\"} 1.0"));
    assertThat(get(gatewayPort, "/metrics").body())
        .contains(
            "lockbox_gateway_sessions_opened_total 1.0",
            "lockbox_gateway_sessions_ended_total{reason=\"client-left\"} 1.0",
            "lockbox_gateway_record_seconds_bucket{le=\"0.01\"}",
            "lockbox_gateway_batch_entries_count",
            "lockbox_gateway_ready 1.0",
            "lockbox_certificate_left_seconds{setting=\"gateway.certificate\"}",
            "lockbox_clock_seconds ",
            "jvm_memory_used_bytes")
        .doesNotContain("acme", request);
    Pause.until(
        "the server read its figures",
        SOON,
        () -> get(serverPort, "/metrics").body().contains("lockbox_requests{state=\"approved\"}"));
    assertThat(get(serverPort, "/metrics").body())
        .contains(
            "lockbox_gateways 1.0",
            "lockbox_clock_seconds ",
            "lockbox_server_disk_free_bytes ",
            "lockbox_server_append_seconds_count",
            "lockbox_server_calls_seconds_count{method=\"POST\"",
            "hikaricp_connections_active{pool=\"lockbox-append\"}",
            "lockbox_server_ready 1.0")
        .doesNotContain("acme", request);
    allExplained(get(serverPort, "/metrics").body());
    allExplained(get(gatewayPort, "/metrics").body());
  }

  @Test
  @Order(3)
  void aFullDiskUnderTheSignedHeadsIsNamed() {
    limitFiles("1");
    // What is reserved on the disk already is used up first.
    Pause.until(
        "the server is not ready",
        SOON,
        () -> {
          demo.terminal("engineer").types(ASKS); // refused from some moment on
          return get(serverPort, "/readyz").statusCode() == 503;
        });
    assertThat(get(serverPort, "/readyz").body())
        .contains(
            "\"server.database\":\"up\"", "\"server.signing\":\"down: ", "lockbox.yaml.heads");
    assertThat(get(serverPort, "/livez").statusCode()).isEqualTo(200);
    assertThat(get(serverPort, "/metrics").body()).contains("lockbox_server_ready 0.0");
    limitFiles("unlimited");
    ready(serverPort);
  }

  /// Each figure that a node tells is in the documents.
  private void allExplained(String figures) throws IOException {
    String page = Files.readString(Distribution.home().resolve("docs/monitoring.md"));
    figures
        .lines()
        .filter(line -> line.startsWith("# TYPE lockbox_"))
        .map(line -> line.split(" ", -1)[2].replaceAll("_max$", ""))
        .forEach(name -> assertThat(page).contains("`" + name + "`"));
  }

  /// As a full disk does: no file of the server may grow beyond a size.
  private void limitFiles(String limit) {
    String typed = "prlimit --pid %d --fsize=%s:unlimited".formatted(server.pid(), limit);
    demo.terminal("operator").types(typed).ends(0);
  }

  @Test
  @Order(4)
  void aServerThatIsToldToStopReportsNoError() throws IOException {
    int before = server.err().length();
    server.signal("TERM");
    Answer stopped = server.ends();
    stopped.ends(143);
    assertThat(stopped.err().substring(before)).doesNotContain(" ERROR ");
    server = up("server.yaml");
    ready(serverPort);
    ready(gatewayPort);
  }

  @Test
  @Order(5)
  void aDatabaseThatIsGoneAndALeaseThatIsNotRenewedAreNamed() {
    ready(gatewayPort);
    demo.stopCluster("control");
    Pause.until("not ready", SOON, () -> get(serverPort, "/readyz").statusCode() == 503);
    assertThat(get(serverPort, "/readyz").body())
        .contains("\"server.database\":\"down: the control plane's database does not answer\"");
    Pause.until("no lease", SOON, () -> get(gatewayPort, "/readyz").statusCode() == 503);
    assertThat(get(gatewayPort, "/readyz").body()).contains("\"gateway.lease\":\"down: ");
    assertThat(get(serverPort, "/livez").statusCode()).isEqualTo(200);
    assertThat(get(gatewayPort, "/livez").statusCode()).isEqualTo(200);
    server.signal("TERM");
    server.ends();
    assertThat(get(gatewayPort, "/livez").statusCode()).isEqualTo(200);
  }
}
