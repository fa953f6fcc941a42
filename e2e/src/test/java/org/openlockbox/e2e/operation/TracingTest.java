package org.openlockbox.e2e.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.e2e.harness.Typed;
import org.openlockbox.e2e.operation.TraceCollector.TakenSpan;
import org.openlockbox.node.process.Ports;

/// Server and gateway, apart, send their traces to a collector: what a trace shows, what it never
/// says, whom it believes, and that nobody waits for a collector.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TracingTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String SECRET = "hidden4711";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private final Demo demo = Demo.start("tracing");
  private final TraceCollector collector = new TraceCollector();
  private final Terminal operator = demo.terminal("operator");
  private final Terminal engineer = demo.terminal("engineer");
  private final int gatewayPort = Ports.free();
  private Typed server = demo.program();
  private Typed gateway = demo.program();
  private String request = "";

  @BeforeAll
  void startApart() throws IOException {
    demo.kill();
    String config = Files.readString(demo.state().resolve("lockbox.yaml"));
    int at = config.indexOf("\ngateway:\n");
    String kept =
        "  wrappingKey: lockbox.yaml.wrapping-key\n  signedHeads: lockbox.yaml.heads\n  logKey:";
    write("server.yaml", config.substring(0, at).replace("  logKey:", kept));
    write(
        "gateway.yaml",
        "management: {listen: \"127.0.0.1:%d\"}\nresources: resources.yaml\n".formatted(gatewayPort)
            + config.substring(at));
    var token = demo.state().resolve("collector.token");
    Files.writeString(token, "tok-0815\n");
    operator.types("chmod 600 " + token).ends(0);
    server = up("server.yaml");
    gateway = up("gateway.yaml");
    request = demo.askAndApprove("acme", "masked", "--for PT1H");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(demo.state().resolve(name), text + tracing());
  }

  private String tracing() {
    return "\ntracing: {endpoint: \"%s\", sample: 1, token: {file: collector.token}}\n"
        .formatted(collector.url());
  }

  private Typed up(String config) {
    Typed node = operator.begins("exec lockbox up --config ../" + config);
    return node.prints("lockbox is up");
  }

  @AfterAll
  void stop() {
    collector.close();
    gateway.close();
    server.close();
    demo.close();
  }

  private String asks(String sql) {
    return engineer.types("lockbox psql %s -- -At -c \"%s\"".formatted(request, sql)).ok();
  }

  private TakenSpan taken(String name, Predicate<TakenSpan> which) {
    Pause.until(name, SOON, () -> collector.named(name).anyMatch(which));
    return collector.named(name).filter(which).findFirst().orElseThrow();
  }

  private TakenSpan below(TakenSpan parent, String name) {
    return taken(name, span -> span.parent().equals(parent.id()));
  }

  @Test
  @Order(1)
  void anOperationIsOneTraceFromItsRecordToTheCommit() {
    assertThat(asks("select 'it is " + SECRET + "'")).isEqualTo("it is " + SECRET + "\n");
    var operation = taken("operation", _ -> true);
    assertThat(operation.parent()).isEmpty();
    assertThat(operation.attributes())
        .containsEntry("lockbox.tenant", "acme")
        .containsEntry("lockbox.request", request)
        .containsEntry("lockbox.operation.status", "00000")
        .containsEntry("lockbox.operation.units", "1")
        .containsKey("lockbox.session");
    below(operation, "record");
    var append = below(operation, "append");
    var call = below(append, "POST /gateway/v1/append");
    var commit = below(call, "commit");
    assertThat(List.of(operation.scope(), call.scope()))
        .containsExactly("org.openlockbox.gateway", "org.openlockbox.server");
    assertThat(List.of(append.trace(), call.trace(), commit.trace()))
        .containsOnly(operation.trace());
  }

  @Test
  @Order(2)
  void aLoginShowsWhatItWaitsFor() {
    var login = taken("login", _ -> true);
    var admission = below(login, "admission");
    below(admission, "GET /gateway/v1/tenants/{t}/requests/{r}/history");
    var opening = below(login, "opening");
    below(opening, "opening record");
    below(opening, "dial");
    assertThat(login.attributes())
        .containsEntry("lockbox.request", request)
        .containsEntry("lockbox.session", opening.attributes().get("lockbox.session"));
  }

  @Test
  @Order(3)
  void aLoginThatIsRefusedSaysSoInAWord() {
    String done = demo.askAndApprove("acme", "masked", "--for PT1H");
    String url = engineer.types("lockbox connect " + done + " url").ok().strip();
    engineer.types("lockbox complete " + done).ends(0);
    engineer.types("psql '" + url + "' -c 'select 1'").ends(2);
    var login = taken("login", span -> span.attributes().containsValue(done));
    assertThat(login.attributes().get("lockbox.refused")).matches("[a-z_]+");
  }

  @Test
  @Order(4)
  void callsAreTracedByTheirRoutesAndMailByItsTries() {
    var made = taken("POST /v1/tenants/{t}/requests", _ -> true);
    assertThat(made.attributes())
        .containsEntry("http.response.status_code", "201")
        .containsEntry("lockbox.tenant", "acme");
    assertThat(taken("mail", _ -> true).attributes()).containsEntry("lockbox.mail.attempt", "1");
  }

  /// Neither does it join a trace of its own choice, nor does it hide from the sampling.
  @Test
  @Order(5)
  void aCallersTraceparentCountsForNothing() throws IOException, InterruptedException {
    assertThat(askedAs("engineer", "00-" + TRACE + "-b7ad6b7169203331-00")).isEqualTo(200);
    assertThat(askedAs("engineer", "00-" + TRACE + "-b7ad6b7169203331-01\t x: y")).isEqualTo(200);
    Pause.until("both calls", SOON, () -> collector.named("GET /v1/whoami").count() >= 2);
    assertThat(collector.spans()).extracting(TakenSpan::trace).doesNotContain(TRACE);
  }

  private int askedAs(String profile, String traceparent) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var call =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:%d/v1/whoami".formatted(demo.port("server"))))
              .header("Authorization", "Bearer " + demo.token(profile))
              .header("traceparent", traceparent)
              .build();
      return http.send(call, BodyHandlers.discarding()).statusCode();
    }
  }

  @Test
  @Order(6)
  void nothingThatSomebodyWroteIsInAnySpan() {
    assertThat(collector.spans()).hasSizeGreaterThan(10);
    assertThat(collector.tokens()).containsOnly("Bearer tok-0815");
    assertThat(collector.bytes())
        .contains(request)
        .doesNotContain(SECRET, "select", "Cannot log in", "SUP-1", "Bearer", "tok-0815", "example")
        .doesNotContain(demo.token("engineer"), demo.token("acme-approver"))
        .doesNotContainIgnoringCase("ann ", "erin", "password");
    assertThat(server.err() + gateway.err()).doesNotContain("tok-0815");
  }

  @Test
  @Order(7)
  void doctorAsksTheCollector() {
    assertThat(doctor()).contains(collector.url() + "/v1/traces takes our traces.");
  }

  private String doctor() {
    return operator.types("lockbox doctor --config ../gateway.yaml").ends(0).out();
  }

  /// An operation that waited for the collector would have called it.
  @Test
  @Order(8)
  void aCollectorThatHangsHoldsNobody() {
    collector.hangs(true);
    int before = collector.calls();
    try {
      String fifty = "select 1;".repeat(50);
      for (int i = 0; i < 20; i++) {
        assertThat(asks(fifty)).isEqualTo("1\n".repeat(50));
      }
      assertThat(collector.calls() - before)
          .as("calls that hang, for 1,000 operations")
          .isBetween(1, 500);
    } finally {
      collector.hangs(false);
    }
  }

  @Test
  @Order(9)
  void aReloadEndsTracingAndBeginsIt() throws IOException {
    Path config = demo.state().resolve("gateway.yaml");
    String traced = Files.readString(config);
    Files.writeString(config, traced.replace(tracing(), ""));
    operator.types("lockbox reload --config ../gateway.yaml").ends(0);
    long before = operations();
    asks("select 1");
    Files.writeString(config, traced);
    operator.types("lockbox reload --config ../gateway.yaml").ends(0);
    assertThat(asks("select 2")).isEqualTo("2\n");
    Pause.until("one more", SOON, () -> operations() > before);
    assertThat(operations()).isEqualTo(before + 1);
  }

  private long operations() {
    return collector.named("operation").count();
  }

  @Test
  @Order(10)
  void aCollectorThatIsGoneHoldsNobody() throws IOException, InterruptedException {
    collector.close();
    assertThat(asks("select 3")).isEqualTo("3\n");
    Pause.until("a span is counted as lost", SOON, () -> figures().contains(lost()));
    assertThat(doctor()).contains("/v1/traces does not answer");
  }

  private static String lost() {
    return "lockbox_traces_spans_total{state=\"failed\"} ";
  }

  private String figures() throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var call =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/metrics".formatted(gatewayPort)))
              .build();
      String text = http.send(call, BodyHandlers.ofString()).body();
      return text.replace(lost() + "0.0", "none is lost");
    }
  }
}
