package org.openlockbox.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.openlockbox.check.caller.CheckCaller;
import org.openlockbox.check.caller.CheckCaller.CallerKind;
import org.openlockbox.check.caller.CheckCaller.CallerProof;
import org.openlockbox.check.caller.CheckCallers;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.net.TestCertificate;

/// A caller is known by its secret or by its certificate, and by nothing else.
class CallersTest {
  private static final Set<ResourceId> HELPDESK = Set.of(TenantFixture.HELPDESK);

  private static Certificate certificate(TestCertificate of) throws Exception {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(of.certificatePem().getBytes(UTF_8)));
  }

  private static CheckCaller service(String name, CallerProof proof) {
    return new CheckCaller(name, proof, CallerKind.SERVICE, HELPDESK, Set.of());
  }

  /// A client that trusts the gateway and shows these keys.
  private static HttpClient client(KeyManager[] keys) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("gateway", certificate(CheckFixture.CERTIFICATE));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).version(HttpClient.Version.HTTP_1_1).build();
  }

  @Test
  void aCertificateIsAsGoodAsASecretAndAnothersIsWorthNothing() throws Exception {
    TestCertificate own = TestCertificate.make();
    var caller =
        new CheckCaller(
            "edge",
            new CallerProof.CertificateHash(Bytes.of(certificate(own).getEncoded()).sha256()),
            CallerKind.SERVICE,
            HELPDESK,
            Set.of());
    try (var checks = new CheckFixture(List.of(caller));
        var known = client(own.identity().keyManagers());
        var stranger = client(TestCertificate.make().identity().keyManagers())) {
      checks.letIn(checks.acme, "alice", Level.READ);
      HttpRequest question =
          HttpRequest.newBuilder(checks.at("/access/v1/evaluation"))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(CheckFixture.question("alice", "read", "record-1")))
              .build();
      assertThat(stranger.send(question, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
      assertThat(checks.acmesPlane.events()).isEmpty();
      assertThat(known.send(question, BodyHandlers.ofString()).body())
          .endsWith("\"decision\":true}");
      assertThat(checks.events(SessionEvent.Opened.class).getFirst().toString())
          .contains("asked by edge");
    }
  }

  @Test
  void callersThatCannotBeToldApartAreAMistake() {
    CallerProof proof = new CallerProof.SecretHash(Bytes.ofUtf8("x").sha256());
    CallerProof other = new CallerProof.SecretHash(Bytes.ofUtf8("y").sha256());
    var one = service("one", proof);
    assertThatThrownBy(() -> new CheckCallers(List.of(one, service("two", proof))))
        .hasMessageContaining("the same secret");
    assertThatThrownBy(() -> new CheckCallers(List.of(one, service("one", other))))
        .hasMessageContaining("the same name");
    assertThatThrownBy(() -> new CheckCaller("two", proof, CallerKind.PROXY, Set.of(), Set.of()))
        .hasMessageContaining("no resource");
  }

  @Test
  void aSecretIsLongAndBelongsToItsName() {
    String secret = "s".repeat(43);
    var one = service("one", new CallerProof.SecretHash(Bytes.ofUtf8(secret).sha256()));
    var callers = new CheckCallers(List.of(one));
    assertThat(callers.bySecret("one." + secret)).contains(one);
    assertThat(callers.bySecret("two." + secret)).isEmpty();
    assertThat(callers.bySecret("one." + secret + "s")).isEmpty();
    assertThat(callers.bySecret("one.")).isEmpty();
    assertThat(callers.bySecret(secret)).isEmpty();
    var weak = service("weak", new CallerProof.SecretHash(Bytes.ofUtf8("short").sha256()));
    assertThat(new CheckCallers(List.of(weak)).bySecret("weak.short")).isEmpty();
  }

  /// Somebody else might see another body, and the next call elsewhere.
  @Test
  void aBodyInACodingThatNobodyKnowsIsRefused() throws Exception {
    try (var checks = new CheckFixture()) {
      String start =
          "POST /access/v1/evaluation HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ";
      String question = CheckFixture.question("alice", "read", "record-1");
      String chunk = Integer.toHexString(question.length()) + "\r\n" + question + "\r\n0";
      for (var coding : Map.of("chunked", "200", "gzip, chunked", "501").entrySet()) {
        assertThat(
                checks.raw(
                    start + CheckFixture.CALLER,
                    "Content-Type: application/json",
                    "Transfer-Encoding: " + coding.getKey(),
                    "",
                    chunk))
            .as(coding.getKey())
            .startsWith("HTTP/1.1 " + coding.getValue());
      }
    }
  }

  /// A proxy's secret lies where a proxy's configuration lies; it vouches for nobody.
  @Test
  void neitherKindAsksAsTheOther() throws Exception {
    try (var checks = new CheckFixture()) {
      String token = checks.login(checks.acme, checks.approved(checks.acme, "alice", Level.READ));
      HttpRequest question =
          checks
              .asking("/access/v1/evaluation", CheckFixture.question("alice", "read", "record-1"))
              .setHeader("Authorization", "Bearer " + CheckFixture.PROXY)
              .build();
      assertThat(checks.send(question).body()).contains("false", "\"code\":\"resource\"");
      HttpRequest forward = forward(checks, CheckFixture.CALLER, token);
      assertThat(checks.send(forward).body()).contains("\"code\":\"resource\"");
      assertThat(checks.acmesPlane.events()).isEmpty();
    }
  }

  private static HttpRequest forward(CheckFixture checks, String caller, String token) {
    return HttpRequest.newBuilder(checks.at("/forward/nginx/helpdesk"))
        .header("X-Lockbox-Caller", caller)
        .header("Authorization", "Bearer " + token)
        .header("X-Original-Method", "GET")
        .header("X-Original-URI", "/t/acme/tickets")
        .header("X-Original-Host", "helpdesk.example.com")
        .build();
  }

  @Test
  void aCallerOfSomeTenantsAsksAboutNoOther() throws Exception {
    String secret = "D".repeat(43);
    CallerProof proof = new CallerProof.SecretHash(Bytes.ofUtf8(secret).sha256());
    CallerProof other = new CallerProof.SecretHash(Bytes.ofUtf8("E".repeat(43)).sha256());
    Set<TenantId> globex = Set.of(new TenantId("globex"));
    var app = new CheckCaller("globex-app", proof, CallerKind.SERVICE, HELPDESK, globex);
    var edge = new CheckCaller("globex-edge", other, CallerKind.PROXY, HELPDESK, globex);
    try (var checks = new CheckFixture(List.of(app, edge))) {
      String token = checks.login(checks.acme, checks.approved(checks.acme, "alice", Level.READ));
      checks.letIn(checks.globex, "alice", Level.READ);
      for (String record : List.of("record-1", "record-2")) {
        HttpRequest question =
            checks
                .asking("/access/v1/evaluation", CheckFixture.question("alice", "read", record))
                .setHeader("Authorization", "Bearer globex-app." + secret)
                .build();
        assertThat(checks.send(question).body())
            .endsWith("\"decision\":" + record.equals("record-2") + "}");
      }
      HttpRequest forward = forward(checks, "globex-edge." + "E".repeat(43), token);
      assertThat(checks.send(forward).statusCode()).isEqualTo(403);
      assertThat(checks.acmesPlane.events()).isEmpty();
    }
  }

  /// Connections are for callers: one that never says who it is does not hold its place.
  @Test
  void aConnectionWithoutACallerIsClosed() throws Exception {
    try (var checks = new CheckFixture();
        var stranger = checks.socket()) {
      stranger.setSoTimeout(30_000);
      assertThat(stranger.getInputStream().read()).isEqualTo(-1);
    }
  }

  /// A connection that is closed over what is still being sent takes its answer with it.
  @Test
  void aRefusalArrivesAtACallerThatIsStillSending() throws Exception {
    try (var checks = new CheckFixture();
        var caller = checks.socket()) {
      caller.setSoTimeout(30_000);
      var out = caller.getOutputStream();
      String head = "POST /access/v1/evaluation HTTP/1.1\r\nHost: checks\r\nAuthorization: Bearer ";
      String length = "\r\nContent-Length: 4000000\r\n\r\n";
      out.write((head + CheckFixture.CALLER + length).getBytes(UTF_8));
      out.write(new byte[100_000]);
      var answer = new BufferedReader(new InputStreamReader(caller.getInputStream(), UTF_8));
      assertThat(answer.readLine()).startsWith("HTTP/1.1 413");
      for (int sent = 1; sent < 40; sent++) {
        out.write(new byte[100_000]); // still taken
      }
    }
  }
}
