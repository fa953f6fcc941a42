package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.AuthorityChange;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.keyring.GatewayRevocation;
import org.openlockbox.core.keyring.ShownCertificate;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.session.SessionChain;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.tenant.LogHost;
import org.openlockbox.server.TestServer.Answer;

/// What a thief of a gateway's key, of a whole gateway, or of the gateway authority's key cannot do
/// (docs/security/signatures-and-keys.md, "Gateways"). The control plane is honest here; what it
/// could do beside a thief, the verifiers refuse.
final class StolenGatewayTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);

  @AfterEach
  void theLogVerifies() {
    ACME.verifiedLog();
  }

  @AfterAll
  static void close() {
    SERVER.close();
  }

  private static SoftwareKey fresh() {
    return SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
  }

  private static Envelope certificate(
      String gateway, SoftwareKey key, String host, String resource) {
    var now = SERVER.clock.get();
    return new GatewayCertificate(
            new GatewayId(gateway),
            key.key(),
            new LogHost(host),
            List.of(new ResourceId(resource)),
            new Window(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(90))))
        .unsigned()
        .signedBy(SERVER.authority);
  }

  private static Answer asks(String profile, String boot) {
    var shown =
        ShownCertificate.of(SERVER.certificate("gw-1"), boot, SERVER.gatewayKey("gw-1")).toJson();
    var body =
        Json.object()
            .put("gateway", "gw-1")
            .put("boot", boot)
            .put("watch", List.of())
            .put("certificate", shown)
            .build();
    return SERVER.post(profile, "/gateway/v1/lease", body);
  }

  @Test
  void aKeyAndItsCertificateWithoutTheTokenGetNoLeaseAndWriteNothing() {
    var boot = "00000000000000bb";
    assertThat(asks("nobody", boot).status()).isEqualTo(401);
    for (var other : List.of("engineer", "operator", ACME.approver(), "gw-2")) {
      assertThat(asks(other, boot).status()).as(other).isEqualTo(403);
    }
    var gateway = TestGateway.leased(SERVER);
    var opened = TestGateway.opened(ACME, ACME.approved(), SessionId.random(TestTenant.RANDOM));
    var appending = CanonicalJson.text(gateway.appending(gateway.entry(ACME, 0, opened)));
    for (var other : List.of("nobody", "operator", "gw-2")) {
      var refused = SERVER.call(0, other, "POST", "/gateway/v1/append", appending, Map.of());
      assertThat(refused.status()).as(other).isIn(401, 403);
    }
  }

  @Test
  void aWholeGatewayApprovesNothing() {
    var asked = ACME.ask("helpdesk");
    var yes = ACME.yes(asked);
    var forged =
        new Envelope(yes.payloadType(), yes.payload(), List.of())
            .signedBy(SERVER.gatewayKey("gw-1"));
    for (var profile : List.of("gw-1", ACME.approver())) {
      var refused = ACME.step(profile, asked, ":approve", TestTenant.envelope(forged));
      assertThat(refused.status()).as(profile).isIn(403, 404, 422);
    }
    assertThat(ACME.show(asked).json().text("state")).isEqualTo("pending");
  }

  @Test
  void aWholeGatewayOpensNothingThatItsCertificateDoesNotName() {
    var key = fresh();
    for (var wrong :
        List.of(
            certificate("gw-1", key, TestServer.LOG_HOST, "billing"),
            certificate("gw-1", key, "log.elsewhere.example", "helpdesk"))) {
      var shown = new TestGateway(SERVER, "gw-1", key, wrong);
      var lease = shown.lease();
      assertThat(lease.status() == 200 || lease.code().equals("certificate")).isTrue();
      var opened = TestGateway.opened(ACME, ACME.approved(), SessionId.random(TestTenant.RANDOM));
      var answer = shown.append(shown.entry(ACME, 0, showing(opened, wrong)));
      assertThat(answer.code()).isIn("certificate", "superseded");
    }
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

  /// Two gateways, or two keys of one: who opened a session is who closes it.
  @Test
  void aWholeGatewayClosesNoSessionOfAnotherKey() {
    var honest = TestGateway.leased(SERVER);
    var session = honest.open(ACME, ACME.approved());
    var head = SessionChain.of(session).head();
    var closed = new SessionEvent.Closed(session, "client left", 0, 0, 0, head, true);
    var thief = TestGateway.unleased(SERVER, "gw-2");
    assertThat(thief.lease().status()).isEqualTo(200);
    assertThat(thief.append(thief.entry(ACME, 0, closed)).status()).isIn(409, 422);
    var key = fresh();
    var second =
        new TestGateway(
            SERVER,
            "gw-1",
            key,
            Certificates.of("gw-1", key, SERVER.authority, SERVER.clock.get()));
    assertThat(second.lease().status()).isEqualTo(200);
    assertThat(second.append(second.entry(ACME, 0, closed)).status()).isIn(409, 422);
  }

  /// Whoever made the certificate has no token for it, and a token of another gateway is none.
  @Test
  void theAuthoritysKeyAloneLetsNoGatewayIn() {
    var key = fresh();
    for (var name : List.of("gw-9", "gw-1")) {
      var certificate = certificate(name, key, TestServer.LOG_HOST, "helpdesk");
      var boot = "00000000000000cc";
      var body =
          Json.object()
              .put("gateway", name)
              .put("boot", boot)
              .put("watch", List.of())
              .put("certificate", ShownCertificate.of(certificate, boot, key).toJson())
              .build();
      for (var profile : List.of("nobody", "engineer", "operator", "gw-2")) {
        assertThat(SERVER.post(profile, "/gateway/v1/lease", body).status()).isIn(401, 403);
      }
    }
  }

  /// Not even with an operator's token: another authority needs both keys and 72 hours, and a
  /// revocation needs no more than the key, but it only ends.
  @Test
  void theAuthoritysKeyReplacesItselfNeitherAloneNorAtOnce() {
    var next = fresh();
    var old = SERVER.authority;
    var at = SERVER.clock.get().plus(Duration.ofDays(4));
    var host = new LogHost(TestServer.LOG_HOST);
    var change = new AuthorityChange(next.key(), host, old.key().keyId(), at);
    var soon =
        new AuthorityChange(
            next.key(), host, old.key().keyId(), SERVER.clock.get().plus(Duration.ofHours(1)));
    for (var bad :
        List.of(
            change.unsigned().signedBy(old),
            change.unsigned().signedBy(next),
            soon.unsigned().signedBy(old).signedBy(next))) {
      assertThat(AuthoritySigned.bring(SERVER, TestTenant.envelope(bad)).code())
          .isEqualTo("gateway_authority");
    }
    assertThat(ACME.verifiedLog()).noneMatch(entry -> entry.type() == EntryType.GATEWAY_AUTHORITY);
  }

  @Test
  void aSecondRevocationOfAKeyChangesNothing() {
    try (var server = new TestServer()) {
      var tenant = new TestTenant(server, "hooli", 1);
      var key = server.gatewayKey("gw-2").key().keyId();
      var host = new LogHost(TestServer.LOG_HOST);
      for (var reason : List.of("stolen", "stolen", "for another reason")) {
        var revocation = new GatewayRevocation(new GatewayId("gw-2"), key, host, reason);
        var signed = TestTenant.envelope(revocation.unsigned().signedBy(server.authority));
        var answer = AuthoritySigned.bring(server, signed);
        assertThat(answer.status()).isEqualTo(200);
      }
      Pause.until(
          "told",
          () ->
              tenant.verifiedLog().stream()
                  .anyMatch(entry -> entry.type() == EntryType.GATEWAY_REVOKE));
      assertThat(server.rows("select count(*) from gateway_statement")).containsExactly("1");
      assertThat(tenant.verifiedLog().stream().filter(e -> e.body() instanceof KeyringEvent))
          .as("genesis and one revocation")
          .hasSize(2);
    }
  }
}
