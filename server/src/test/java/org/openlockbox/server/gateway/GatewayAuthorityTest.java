package org.openlockbox.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.bundle.BundleCheck;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.AuthorityChange;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.keyring.ShownCertificate;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.session.SessionChain;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.server.AuthoritySigned;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// Gateways come and go by the signatures of the provider's gateway authority alone.
final class GatewayAuthorityTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);
  private static final TestTenant GLOBEX = new TestTenant(SERVER, "globex", 1);

  @AfterAll
  static void close() {
    SERVER.close();
  }

  /// A session with one statement, from its opening to its true end.
  private record Visit(TestGateway gateway, TestTenant tenant, Answer request, SessionId session) {
    static Visit begun(TestGateway gateway, TestTenant tenant) {
      var request = tenant.approved();
      return new Visit(gateway, tenant, request, gateway.open(tenant, request));
    }

    Visit ended() {
      var text = TestGateway.sql("select 1");
      var statement = TestGateway.statement(session, 0, text);
      var outcome = TestGateway.outcome(session, 0);
      var head = SessionChain.of(session).with(statement).with(outcome).head();
      var closed = new SessionEvent.Closed(session, "client left", 1, 1, 20, head, true);
      TestGateway.indices(gateway.append(gateway.entry(tenant, statement, text)));
      TestGateway.indices(gateway.append(gateway.entry(tenant, outcome)));
      TestGateway.indices(gateway.append(gateway.entry(tenant, closed)));
      return this;
    }

    void verifies() {
      var path = tenant.requests() + "/" + TestTenant.ref(request).id() + "/evidence";
      var zip = SERVER.get(tenant.id + "-auditor", path).response().body();
      assertThat(BundleCheck.verify(zip, Optional.of(tenant.pin())))
          .isInstanceOf(BundleCheck.Valid.class);
    }
  }

  private static SoftwareKey fresh() {
    return SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
  }

  private static long signedByTenant(TestTenant tenant) {
    return tenant.verifiedLog().stream()
        .filter(entry -> entry.type() != EntryType.GATEWAY_REVOKE)
        .filter(entry -> isOfKeyring(entry))
        .count();
  }

  private static boolean isOfKeyring(LogEntry entry) {
    return entry.body() instanceof KeyringEvent;
  }

  private static void untilBothKnow(EntryType type, long times) {
    for (var tenant : List.of(ACME, GLOBEX)) {
      Pause.until(
          type.word(),
          () ->
              tenant.verifiedLog().stream().filter(entry -> entry.type() == type).count() == times);
    }
  }

  @Test
  void aGatewayIsAddedRenewedAndRevokedWhileSessionsRunElsewhere() {
    var running = TestGateway.leased(SERVER);
    var acme = Visit.begun(running, ACME);
    var globex = Visit.begun(running, GLOBEX);
    long revoked = count(EntryType.GATEWAY_REVOKE);

    var key = fresh();
    var added = new TestGateway(SERVER, "gw-2", key, SERVER.certificate("gw-2", key));
    assertThat(added.lease().status()).isEqualTo(200);
    var before = Visit.begun(added, ACME).ended();
    before.verifies();

    var renewedKey = fresh();
    var certificate = SERVER.certificate("gw-2", renewedKey);
    var renewed = new TestGateway(SERVER, "gw-2", renewedKey, certificate);
    assertThat(renewed.lease().status()).isEqualTo(200);
    Visit.begun(renewed, GLOBEX).ended().verifies();
    var cutOff = Visit.begun(renewed, ACME);

    var revocation = AuthoritySigned.revocation("gw-2", renewedKey, SERVER.authority);
    assertThat(AuthoritySigned.bring(SERVER, revocation).status()).isEqualTo(200);
    assertThat(renewed.lease().code()).isEqualTo("certificate");
    var late = renewed.entry(ACME, TestGateway.outcome(cutOff.session, 0));
    assertThat(renewed.append(late).code()).isEqualTo("revoked");
    var again = new TestGateway(SERVER, "gw-2", renewedKey, certificate);
    assertThat(again.lease().code()).isEqualTo("certificate");
    untilBothKnow(EntryType.GATEWAY_REVOKE, revoked + 1);
    assertThat(ACME.verifiedLog().stream().map(LogEntry::body))
        .contains(new SessionEvent.Lost(cutOff.session, "gateway gw-2 is gone"));

    assertThat(running.lease().status()).isEqualTo(200);
    acme.ended().verifies();
    globex.ended().verifies();
    before.verifies();
    Visit.begun(running, ACME).ended().verifies();
    assertThat(signedByTenant(ACME)).as("genesis alone").isEqualTo(1);
    assertThat(signedByTenant(GLOBEX)).as("genesis alone").isEqualTo(1);
  }

  private static long count(EntryType type) {
    return ACME.verifiedLog().stream().filter(entry -> entry.type() == type).count();
  }

  @Test
  void whoShowsNoCertificateThatHoldsGetsNoLease() {
    var key = SERVER.gatewayKey("gw-1");
    var stranger = fresh();
    for (var bad :
        List.of(
            new TestGateway(SERVER, "gw-1", stranger, stranger(stranger)),
            new TestGateway(SERVER, "gw-1", key, SERVER.certificate("gw-2", key)))) {
      assertThat(bad.lease().code()).isEqualTo("certificate");
    }
    var boot = "00000000000000aa";
    var copied = ShownCertificate.of(SERVER.certificate("gw-1"), boot, stranger);
    assertThat(copied.fault(new GatewayId("gw-1"), boot)).isPresent();
    var body = Json.object().put("gateway", "gw-1").put("boot", boot).put("watch", List.of());
    assertThat(SERVER.post("gw-1", "/gateway/v1/lease", body.build()).code())
        .isEqualTo("certificate_needed");
    body.put("certificate", copied.toJson());
    assertThat(SERVER.post("gw-1", "/gateway/v1/lease", body.build()).code())
        .isEqualTo("certificate");
  }

  /// A certificate that another authority signed.
  private static Envelope stranger(SoftwareKey key) {
    var ours = SERVER.certificate("gw-1", key);
    return new Envelope(ours.payloadType(), ours.payload(), List.of()).signedBy(fresh());
  }

  @Test
  void anOpeningThatAVerifierWouldRefuseIsRefused() {
    var gateway = TestGateway.leased(SERVER);
    var opened = TestGateway.opened(ACME, ACME.approved(), SessionId.random(TestTenant.RANDOM));
    var other = SERVER.certificate("gw-1", fresh());
    for (var shown : List.of(stranger(SERVER.gatewayKey("gw-1")), other)) {
      var answer = gateway.append(gateway.entry(ACME, 0, showing(opened, shown)));
      assertThat(answer.code()).isIn("certificate", "signature");
    }
    TestGateway.indices(gateway.append(gateway.entry(ACME, 0, opened)));
  }

  private static SessionEvent.Opened showing(SessionEvent.Opened opened, Envelope certificate) {
    return new SessionEvent.Opened(
        opened.of(),
        opened.about(),
        opened.engineer(),
        opened.resource(),
        opened.protocol(),
        opened.level(),
        opened.connect(),
        certificate,
        opened.catalogue(),
        opened.clientAddress(),
        opened.clientApplication(),
        opened.expires());
  }

  @Test
  void onlyTheAuthorityRevokesAndOnlyAnOperatorBringsIt() {
    var key = fresh();
    assertThat(AuthoritySigned.bring(SERVER, AuthoritySigned.revocation("gw-2", key, key)).code())
        .isEqualTo("gateway_authority");
    var signed = AuthoritySigned.revocation("gw-2", key, SERVER.authority);
    for (var profile : List.of("engineer", "gw-1", "acme-approver", "acme-auditor")) {
      assertThat(SERVER.post(profile, AuthoritySigned.PATH, signed).status()).isEqualTo(403);
    }
  }

  /// One tenant objects and stays with the old authority; the other goes on with the new one.
  @Test
  void theAuthorityChangesAndATenantObjects() {
    try (var server = new TestServer()) {
      var agrees = new TestTenant(server, "hooli", 1);
      var objects = new TestTenant(server, "umbrella", 1);
      objects.contact("security@umbrella.example");
      var next = fresh();
      var now = server.clock.get();
      var early = AuthoritySigned.change(server, next, now.plus(AuthorityChange.SHORTEST));
      assertThat(server.post("operator", AuthoritySigned.PATH, early).code())
          .isEqualTo("gateway_authority");
      var at = now.plus(Duration.ofDays(4));
      assertThat(
              server
                  .post("operator", AuthoritySigned.PATH, AuthoritySigned.change(server, next, at))
                  .status())
          .isEqualTo(200);
      for (var tenant : List.of(agrees, objects)) {
        Pause.until(
            "told", () -> tenant.verifiedLog().getLast().type() == EntryType.GATEWAY_AUTHORITY);
      }
      assertThat(
              server.rows(
                  "select recipient || ' ' || text_part from outbox"
                      + " where kind = 'gateway.authority' and recipient like '%umbrella%'"))
          .singleElement()
          .asString()
          .contains("security@umbrella.example", "lockbox gateway object --tenant umbrella");
      var entry = objects.verifiedLog().getLast();
      objects.change(new Edit.ObjectToAuthority(entry.bytes().sha256()));
      assertThat(objects.verifiedLog().getLast().type())
          .isEqualTo(EntryType.GATEWAY_AUTHORITY_OBJECT);

      bothGoOn(server, agrees, objects, next, at);
    }
  }

  private static void bothGoOn(
      TestServer server, TestTenant agrees, TestTenant objects, SoftwareKey next, Instant at) {
    server.clock.set(at);
    var both = server.certificate("gw-1").signedBy(next);
    var gateway = new TestGateway(server, "gw-1", server.gatewayKey("gw-1"), both);
    assertThat(gateway.lease().status()).isEqualTo(200);
    gateway.open(agrees, agrees.approved());
    gateway.open(objects, objects.approved());
    var old = TestGateway.unleased(server, "gw-2");
    assertThat(old.lease().code()).as("signed by the old authority alone").isEqualTo("certificate");
    agrees.verifiedLog();
    objects.verifiedLog();
  }
}
