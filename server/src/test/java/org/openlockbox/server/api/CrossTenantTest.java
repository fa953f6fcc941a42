package org.openlockbox.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.server.Endpoint;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;

/// Every call of the interface, made by everybody who must not: what is another's does not exist.
final class CrossTenantTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);
  private static final TestTenant GLOBEX = new TestTenant(SERVER, "globex", 1);
  private static final Set<String> OPEN =
      Set.of(
          "/healthz",
          "/openapi.json",
          "/v1/whoami",
          "/epochs/checkpoint",
          "/epochs/vkeys",
          "/epochs/tile/**");

  /// What begins and ends a command line's own sign-in: of no tenant, and refused here to
  /// everybody, because no issuer is configured and no caller has a visit.
  private static final Set<String> SIGN_IN =
      Set.of("/v1/sign-in/device", "/v1/sign-in/device/look", "/v1/sign-out");

  private static final Set<String> LISTS = Set.of("/v1/tenants", "/v1/requests", "/v1/sessions");
  private static Answer request;
  private static SessionId session;
  private static String user;
  private static String webhook;
  private static int size;

  @BeforeAll
  static void somethingToSteal() {
    SERVER.token("mallory", "mallory", Role.ENGINEER, Optional.empty());
    request = ACME.approve(ACME.ask("helpdesk"));
    var path = ACME.requests() + "/" + TestTenant.ref(request).id() + "/connects";
    var signed = TestGateway.connect(ACME, request, ACME.engineerKey);
    user = SERVER.post("engineer", path, TestTenant.envelope(signed)).json().text("user");
    var gateway = new TestGateway(SERVER, 0, "gw-1", "00000000000000aa");
    gateway.lease();
    session = gateway.open(ACME, request);
    var hook = Json.object().put("url", "https://hooks.acme.example/lockbox").build();
    webhook =
        SERVER
            .post("acme-approver", "/v1/tenants/acme/webhooks", hook)
            .json()
            .object("webhook")
            .text("id");
    size = ACME.verifiedLog().size();
    SERVER.server(0).buildEpoch();
  }

  @AfterAll
  static void close() {
    SERVER.close();
  }

  static List<Endpoint> every() {
    return Endpoint.described();
  }

  private static String filled(String path, String tenant) {
    return path.replace("{t}", tenant)
        .replace("{r}", TestTenant.ref(request).id().value())
        .replace("{s}", session.value())
        .replace("{user}", user)
        .replace("{resource}", "helpdesk")
        .replace("{id}", "T-000000000000")
        .replace("{p}", "P-0000000000")
        .replace("{w}", webhook)
        .replace("{d}", "1")
        .replace("tile/**", "tile/0/000.p/1");
  }

  private static Answer call(String profile, Endpoint endpoint, String tenant) {
    return SERVER.call(
        0,
        profile,
        endpoint.method(),
        filled(endpoint.path(), tenant),
        endpoint.writes() ? "{}" : "",
        Map.of("If-Match", request.etag()));
  }

  private static void tellsNothing(Answer answer) {
    var body = new String(answer.response().body(), StandardCharsets.ISO_8859_1);
    assertThat(body).doesNotContain("acme", TestTenant.ref(request).id().value(), session.value());
  }

  private static void nothingHappened() {
    assertThat(ACME.verifiedLog()).hasSize(size);
    assertThat(SERVER.rows("select count(*) from session where stop_by is not null"))
        .containsExactly("0");
    assertThat(SERVER.rows("select count(*) from tenant")).containsExactly("2");
  }

  @ParameterizedTest
  @MethodSource("every")
  void anotherTenantsPeopleFindNothing(Endpoint endpoint) {
    for (var profile : List.of("globex-approver", "globex-auditor")) {
      var answer = call(profile, endpoint, "acme");
      tellsNothing(answer);
      boolean list = LISTS.contains(endpoint.path()) && !endpoint.writes();
      if (list || OPEN.contains(endpoint.path())) {
        assertThat(answer.status()).isEqualTo(200);
      } else if (SIGN_IN.contains(endpoint.path())) {
        assertThat(answer.status()).as(answer.toString()).isIn(400, 409);
      } else {
        assertThat(answer.status()).as(answer.toString()).isIn(403, 404);
      }
    }
    nothingHappened();
  }

  @ParameterizedTest
  @MethodSource("every")
  void anEngineerFindsNothingOfAnotherEngineers(Endpoint endpoint) {
    var answer = call("mallory", endpoint, "acme");
    if (endpoint.names("r") || endpoint.names("s") || endpoint.path().contains("log")) {
      assertThat(answer.status()).as(answer.toString()).isIn(403, 404);
      tellsNothing(answer);
    } else if (endpoint.path().endsWith("/requests") || endpoint.path().endsWith("/sessions")) {
      assertThat(answer.toString()).doesNotContain(TestTenant.ref(request).id().value());
    }
    nothingHappened();
  }

  static Stream<Endpoint> ofOneRequestOrSession() {
    return every().stream()
        .filter(endpoint -> endpoint.names("t"))
        .filter(endpoint -> endpoint.names("r") || endpoint.names("s"));
  }

  @ParameterizedTest
  @MethodSource("ofOneRequestOrSession")
  void aRequestIsNotFoundUnderAnotherTenant(Endpoint endpoint) {
    for (var profile :
        List.of("engineer", "reviewer", "operator", "acme-approver", "globex-approver", "gw-1")) {
      var answer = call(profile, endpoint, "globex");
      boolean historyOfNone = endpoint.path().endsWith("/history") && profile.equals("gw-1");
      assertThat(answer.status())
          .as(profile + " " + answer)
          .isIn(historyOfNone ? List.of(200) : List.of(403, 404));
      tellsNothing(answer);
    }
    nothingHappened();
  }

  static Stream<Endpoint> writing() {
    return every().stream().filter(Endpoint::writes);
  }

  @ParameterizedTest
  @MethodSource("writing")
  void anAuditorWritesNothing(Endpoint endpoint) {
    var answer = call("acme-auditor", endpoint, "acme");
    assertThat(answer.status())
        .as(answer.toString())
        .isIn(SIGN_IN.contains(endpoint.path()) ? List.of(400, 409) : List.of(403));
    nothingHappened();
  }

  static Stream<Endpoint> writingToATenant() {
    return writing().filter(endpoint -> endpoint.names("t") || endpoint.names("r"));
  }

  @ParameterizedTest
  @MethodSource("writingToATenant")
  void anOperatorTakesNoStepOfARequestOrATenant(Endpoint endpoint) {
    var answer = call("operator", endpoint, "acme");
    assertThat(answer.status()).as(answer.toString()).isEqualTo(403);
    nothingHappened();
  }

  /// What was done in a session is the customer's to read, and the engineer's who did it.
  @ParameterizedTest
  @MethodSource("evidence")
  void theProvidersOtherPeopleFindNoLogNoStatementsAndNoEvidence(String path) {
    var there = filled(path, "acme");
    for (var profile : List.of("reviewer", "operator", "mallory", "globex-approver", "gw-1")) {
      var answer = SERVER.get(profile, there);
      assertThat(answer.status()).as(profile + " " + answer).isEqualTo(404);
      assertThat(answer.code()).isEqualTo("not_found");
      tellsNothing(answer);
    }
    for (var profile : List.of("acme-approver", "acme-auditor")) {
      assertThat(SERVER.get(profile, there).status()).as(profile).isEqualTo(200);
    }
    boolean own = path.contains("{r}");
    assertThat(SERVER.get("engineer", there).status()).isEqualTo(own ? 200 : 404);
  }

  static List<String> evidence() {
    return List.of(
        "/v1/tenants/{t}/log",
        "/v1/tenants/{t}/log?request={r}",
        "/v1/tenants/{t}/requests/{r}/evidence",
        "/v1/requests/{r}/evidence",
        "/v1/tenants/{t}/export?texts=true",
        "/v1/tenants/{t}/export?format=ocsf",
        "/v1/tenants/{t}/export?format=csv",
        "/v1/tenants/{t}/export/sinks",
        "/v1/tenants/{t}/requests/{r}/closing",
        "/v1/requests/{r}/closing",
        "/log/{t}/checkpoint",
        "/log/{t}/tile/0/000.p/1",
        "/log/{t}/tile/entries/000.p/1");
  }

  @ParameterizedTest
  @MethodSource("every")
  void withoutATokenThereIsNothing(Endpoint endpoint) {
    var answer = call("nobody", endpoint, "acme");
    boolean open =
        Set.of("/healthz", "/openapi.json").contains(endpoint.path())
            || endpoint.path().startsWith("/epochs/");
    boolean signIn = endpoint.path().startsWith("/v1/sign-in/");
    assertThat(answer.status())
        .isIn(signIn ? List.of(400, 409) : open ? List.of(200, 404) : List.of(401));
    if (!open && !signIn) {
      assertThat(answer.code()).isEqualTo("not_signed_in");
    }
  }

  @ParameterizedTest
  @MethodSource("every")
  void noCallFailsTheServer(Endpoint endpoint) {
    for (var profile : List.of("engineer", "reviewer", "operator", "acme-auditor", "gw-1")) {
      if (endpoint.names("r") && profile.equals("engineer") && endpoint.writes()) {
        continue;
      }
      assertThat(call(profile, endpoint, "no-such-tenant").status()).isLessThan(500);
      assertThat(call(profile, endpoint, "NOT%20A%20TENANT").status()).isLessThan(500);
    }
  }

  @Test
  void theApprovalOfOneTenantIsNoGoodToAnother() {
    var asked = GLOBEX.ask("helpdesk");
    var yes = TestTenant.envelope(GLOBEX.yes(asked));
    assertThat(GLOBEX.step("acme-approver", asked, ":approve", yes).status()).isEqualTo(404);
    var id = TestTenant.ref(asked).id();
    var tag = Map.of("If-Match", asked.etag());
    var short1 = SERVER.post("acme-approver", "/v1/requests/" + id + ":approve", yes, tag);
    assertThat(short1.status()).isEqualTo(404);
    var stop =
        SERVER.post("acme-approver", "/v1/requests/" + id + ":revoke", Json.object().build());
    assertThat(stop.status()).isEqualTo(404);
  }

  @Test
  void listsShowATenantItsOwn() {
    var own = GLOBEX.ask("helpdesk");
    var listed = SERVER.get("globex-auditor", "/v1/requests").json().objects("requests");
    assertThat(listed).allSatisfy(one -> assertThat(one.text("tenant")).isEqualTo("globex"));
    assertThat(listed.stream().map(one -> one.text("id")))
        .contains(TestTenant.ref(own).id().value());
    assertThat(SERVER.get("globex-auditor", "/v1/tenants").json().objects("tenants")).hasSize(1);
    assertThat(SERVER.get("globex-auditor", "/v1/sessions").json().objects("sessions")).isEmpty();
    assertThat(SERVER.get("acme-auditor", "/v1/sessions").json().objects("sessions")).hasSize(1);
  }
}
