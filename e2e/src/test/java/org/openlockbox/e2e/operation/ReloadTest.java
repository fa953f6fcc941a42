package org.openlockbox.e2e.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
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
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.e2e.harness.Typed;
import org.openlockbox.node.process.Ports;

/// A running node is given another catalogue, another certificate and other settings, good ones and
/// bad ones, while a session runs that notices nothing; then the gateway is drained.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReloadTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String RELOAD = "lockbox reload --config ../node.yaml";

  private final Demo demo = Demo.start("reload");
  private final HttpClient http = HttpClient.newHttpClient();
  private final Terminal operator = demo.terminal("operator");
  private final Terminal engineer = demo.terminal("engineer");
  private final int port = Ports.free();
  private final Path config = demo.state().resolve("node.yaml");
  private final Path catalogue = demo.state().resolve("node-resources.yaml");
  private Typed node = demo.program();
  private Typed session = demo.program();
  private String request = "";

  @BeforeAll
  void startWithASession() throws IOException {
    request = demo.askAndApprove("acme", "masked", "--for PT1H");
    demo.kill();
    String usual = Files.readString(demo.state().resolve("lockbox.yaml"));
    Files.copy(demo.state().resolve("resources.yaml"), catalogue);
    String kept =
        "  wrappingKey: lockbox.yaml.wrapping-key\n  signedHeads: lockbox.yaml.heads\n  logKey:";
    Files.writeString(
        config,
        usual
                .replace("resources: resources.yaml", "resources: node-resources.yaml")
                .replace("  logKey:", kept)
            + "\nmanagement: {listen: \"127.0.0.1:"
            + port
            + "\"}\nlogging: {format: ecs}\n");
    node = operator.begins("exec lockbox up --config ../node.yaml");
    node.prints("lockbox is up");
    session = engineer.begins("lockbox psql " + request + " -- -At");
    goesOn("first");
  }

  @AfterAll
  void stop() {
    http.close();
    session.close();
    node.close();
    demo.close();
  }

  /// The session that was opened before everything still answers.
  private void goesOn(String word) {
    session.types("select '" + word + "' || 'ly';").prints(word + "ly");
  }

  private static void change(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  private Answer reloads() {
    return operator.types(RELOAD);
  }

  @Test
  @Order(1)
  void anotherTermOfAResourceIsInForceAtOnce() throws IOException {
    change(catalogue, "decideWithin: PT12H", "decideWithin: PT2H");
    assertThat(reloads().ok()).isEqualTo("reloaded\n");
    String asked = demo.ask("acme", "masked", "--for PT1H");
    var shown = engineer.types("lockbox request show " + asked + " -o json").json();
    assertThat(Instant.parse(shown.text("decideBy")))
        .isEqualTo(Instant.parse(shown.text("createTime")).plus(Duration.ofHours(2)));
    assertThat(engineer.types("lockbox psql " + request + " -- -At -c 'select 2'").ok())
        .isEqualTo("2\n");
    goesOn("second");
  }

  @Test
  @Order(2)
  void aTenantThatComesIsServedWithoutAStart() throws IOException {
    change(catalogue, "initech: 3", "initech: 3, hooli: 4");
    reloads().ends(0);
    goesOn("third");
  }

  @Test
  @Order(3)
  void aBoundValueDoesNotChangeUnderASession() throws IOException {
    change(catalogue, "acme: 1", "acme: 9");
    reloads().ends(1).says("the rows of tenant acme are 1 of helpdesk while sessions run");
    change(catalogue, "acme: 9", "acme: 1");
    reloads().ends(0);
    goesOn("fourth");
  }

  @Test
  @Order(4)
  void aMistakeIsNamedWithItsLineAndWhatWasInForceStaysSo() throws IOException {
    change(catalogue, "providerReview:", "providerReveiw:");
    int line = line(catalogue, "providerReveiw:");
    reloads().ends(2).says("node-resources.yaml line " + line, "providerReveiw", "not reloaded");
    change(catalogue, "providerReveiw:", "providerReview:");
    change(config, "perTenant: 1000000", "perTenant: 7");
    reloads().ends(2).says("takes effect at a restart alone", "server: requestRates");
    change(config, "perTenant: 7", "perTenant: 1000000");
    assertThat(engineer.types("lockbox psql " + request + " -- -At -c 'select 4'").ok())
        .isEqualTo("4\n");
    goesOn("fifth");
  }

  private static int line(Path file, String words) throws IOException {
    var lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(words)) {
        return i + 1;
      }
    }
    throw new AssertionError(words + " is not there");
  }

  @Test
  @Order(5)
  void mailGoesWhereTheNewSettingSays() throws IOException {
    change(config, "port: " + demo.port("mail"), "port: " + Ports.free());
    node.signal("HUP");
    node.says("\"message\":\"reloaded\"");
    demo.ask("acme", "masked", "--for PT1H");
    Pause.until(
        "mail waits",
        SOON,
        () -> figures().contains("lockbox_deliveries_waiting{channel=\"mail\"} "));
    goesOn("sixth");
  }

  @Test
  @Order(6)
  void aRenewedCertificateIsShownWithoutACommand() throws Exception {
    Path certificate = certificate();
    String before = shown();
    operator.types("cp %1$s %1$s.old; cp %2$s %2$s.old".formatted(certificate, key())).ends(0);
    operator
        .types(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30"
                + " -subj /CN=renewed -keyout %s -out %s 2>/dev/null".formatted(key(), certificate))
        .ends(0);
    Pause.until("another certificate is shown", SOON, () -> !shown().equals(before));
    assertThat(shown()).contains("CN=renewed");
    goesOn("between");
    operator.types("mv %1$s.old %1$s; mv %2$s.old %2$s".formatted(certificate, key())).ends(0);
    Pause.until("the first one is shown again", SOON, () -> shown().equals(before));
    goesOn("seventh");
  }

  private Path certificate() throws IOException {
    return named("  tls: \\{certificate: ([^,]+), key: [^}]+\\}");
  }

  private Path key() throws IOException {
    return named("  tls: \\{certificate: [^,]+, key: ([^}]+)\\}");
  }

  private Path named(String pattern) throws IOException {
    var match = Pattern.compile(pattern).matcher(Files.readString(config));
    assertThat(match.find()).isTrue();
    return demo.state().resolve(match.group(1).strip());
  }

  private String shown() {
    return operator
        .types(
            "openssl s_client -starttls postgres -connect 127.0.0.1:%d </dev/null 2>/dev/null"
                    .formatted(demo.port("gateway"))
                + " | openssl x509 -noout -subject -serial")
        .out()
        .replace(" ", "");
  }

  private String figures() {
    return get("/metrics").body();
  }

  private HttpResponse<String> get(String path) {
    try {
      var call = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
      return http.send(call, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Gateways in another place: engineers choose them, and go where they usually go without.
  @Test
  @Order(7)
  void theAddressOfAGatewayIsOfAResourceAndARegion() throws IOException {
    String other = "localhost:" + demo.port("gateway");
    String usual = "127.0.0.1:" + demo.port("gateway");
    String each = "{name: %s, gatewayAddress: '%s', resources: [helpdesk]}";
    String regions =
        "  regions: [%s, %s]\n  gatewayCa:"
            .formatted(each.formatted("eu-central-1", usual), each.formatted("us-east-1", other));
    change(config, "  gatewayCa:", regions.replace("[helpdesk]", "[other]"));
    reloads().says("no gateway leads to other").ends(2);
    change(config, "[other]", "[helpdesk]");
    assertThat(reloads().ok()).isEqualTo("reloaded\n");
    assertThat(connects("")).contains("@" + usual + "/");
    assertThat(connects("--region us-east-1 ")).contains("@" + other + "/");
    assertThat(
            engineer
                .types("lockbox psql %s --region us-east-1 -- -At -c 'select 3'".formatted(request))
                .ok())
        .isEqualTo("3\n");
    engineer
        .types("lockbox connect %s --region mars url".formatted(request))
        .says("no gateway in mars leads to helpdesk; its gateways are in eu-central-1, us-east-1");
    goesOn("eighth");
  }

  /// The same of a service over HTTP. It ended with the demo, so the gateway is all that answers.
  @Test
  @Order(8)
  void aServiceIsReachedThroughTheGatewayOfARegion() throws IOException {
    for (String host : new String[] {"127.0.0.1", "localhost"}) {
      String at = "gatewayAddress: '%s:%d', ".formatted(host, demo.port("gateway"));
      String also =
          "httpGatewayAddress: '%s:%d', resources: [helpdesk-api, "
              .formatted(host, demo.port("http"));
      change(config, at + "resources: [", at + also);
    }
    assertThat(reloads().ok()).isEqualTo("reloaded\n");
    String id = demo.askServiceAndApprove("read");
    String curl = engineer.types("lockbox connect %s --region us-east-1 curl".formatted(id)).ok();
    assertThat(curl).contains("https://localhost:" + demo.port("http"));
    assertThat(engineer.types(curl.strip() + " -sS").ok())
        .contains("\"code\":\"access\"", "the protected service cannot be reached");
    engineer
        .types("lockbox open %s --region mars".formatted(id))
        .says(
            "no gateway in mars leads to helpdesk-api; its gateways are in eu-central-1, us-east-1");
    goesOn("ninth");
  }

  private String connects(String region) {
    return engineer.types("lockbox connect %s %surl".formatted(request, region)).ok();
  }

  @Test
  @Order(9)
  void aDrainedGatewayLetsNobodyInAndStopsWhenItIsEmpty() {
    assertThat(operator.types("lockbox drain --config ../node.yaml --within PT10M").ok())
        .startsWith("no new sessions; 1 open ones may go on until ");
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body())
        .contains("\"gateway.accepting\":\"down: drained: 1 sessions are still open\"");
    goesOn("tenth");
    assertThat(session.err()).contains("this gateway is about to stop");
    engineer
        .types("lockbox psql " + request + " -- -c 'select 1'")
        .ends(2)
        .says("this gateway takes no new sessions, because it is about to stop");
    assertThat(node.runs()).isTrue();
    session.types("\\q");
    session.ends().ends(0);
    Answer ended = node.ends(SOON);
    ended.ends(0).says("the drained node stops with 0 open sessions");
    assertThat(ended.err().substring(ended.err().indexOf("drained: 1"))).doesNotContain("ERROR");
  }
}
