package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;

/// A database that is restored to a time before the gateway authority signed something. What it has
/// lost each server remembers in a file.
final class RestoredAuthorityTest {
  @TempDir private Path directory;

  private TestServer server() {
    var server = new TestServer();
    server.stopLast();
    server.startOver(directory);
    return server;
  }

  /// Keeps the database as it is now.
  private void backup(TestServer server, String name) {
    server.stopLast();
    server.dump(name);
    server.startOver(directory);
  }

  private static long entries(TestTenant tenant, EntryType type) {
    return tenant.verifiedLog().stream().filter(entry -> entry.type() == type).count();
  }

  private static void untilTold(TestTenant tenant, EntryType type) {
    Pause.until(type.word(), () -> entries(tenant, type) == 1);
  }

  private static TestGateway gateway(TestServer server, Envelope certificate) {
    return new TestGateway(server, "gw-1", server.gatewayKey("gw-1"), certificate);
  }

  @Test
  void aRevocationThatTheBackupDoesNotHaveIsInForceFromTheStartOn() {
    try (var server = server()) {
      var acme = new TestTenant(server, "acme", 1);
      var stolen = TestGateway.leased(server);
      var session = stolen.open(acme, acme.approved());
      acme.verifiedLog();
      backup(server, "before_revocation");
      assertThat(stolen.lease().status()).isEqualTo(200);
      var signed = AuthoritySigned.revocation("gw-1", server.gatewayKey("gw-1"), server.authority);
      assertThat(AuthoritySigned.bring(server, signed).status()).isEqualTo(200);
      untilTold(acme, EntryType.GATEWAY_REVOKE);
      server.stopLast();
      server.restore("before_revocation");

      assertThat(StandardOutput.of(() -> server.startOver(directory)))
          .contains("THE DATABASE HAD LOST A REVOCATION", "gateway gw-1 is revoked again");
      assertThat(stolen.lease().code()).isEqualTo("certificate");
      assertThat(stolen.append(stolen.entry(acme, TestGateway.outcome(session, 0))).code())
          .isEqualTo("revoked");
      assertThat(TestGateway.unleased(server).lease().code()).isEqualTo("certificate");
      try (var maintenance = server.maintenance(directory)) {
        maintenance.recover(acme.origin, "the disk was lost");
      }
      untilTold(acme, EntryType.GATEWAY_REVOKE);
      assertThat(server.rows("select count(*) from gateway_statement")).containsExactly("1");
    }
  }

  /// Without its memory a server cannot know: the same restore, and a directory that was lost.
  @Test
  void onlyWhoLosesThatMemoryTooHasToRevokeAgain() {
    try (var server = server()) {
      var stolen = TestGateway.leased(server);
      backup(server, "before_both_servers");
      var signed = AuthoritySigned.revocation("gw-1", server.gatewayKey("gw-1"), server.authority);
      assertThat(AuthoritySigned.bring(server, signed).status()).isEqualTo(200);
      server.stopLast();
      server.restore("before_both_servers");
      server.startOver(server.remembering());
      assertThat(stolen.lease().status()).isEqualTo(200);
      assertThat(AuthoritySigned.bring(server, signed).status()).isEqualTo(200);
      assertThat(stolen.lease().code()).isEqualTo("certificate");
    }
  }

  /// A server hears what another one took, and remembers it as well.
  @Test
  void everyServerRemembersWhatOneOfThemTook(@TempDir Path second) {
    try (var server = server()) {
      var stolen = TestGateway.leased(server);
      backup(server, "before_two");
      server.startOver(second);
      var signed = AuthoritySigned.revocation("gw-1", server.gatewayKey("gw-1"), server.authority);
      assertThat(AuthoritySigned.bring(server, signed).status()).isEqualTo(200);
      Pause.until(
          "the second server's file",
          () -> second.resolve("gateway-statements").toFile().length() > 0);
      server.stopLast();
      server.stopLast();
      server.restore("before_two");
      server.startOver(second);
      assertThat(stolen.lease().code()).isEqualTo("certificate");
    }
  }

  /// Tenants must be able to object to each change, so a lost one is not simply put back. The old
  /// authority alone, whose key may be why it was replaced, lets no gateway in meanwhile.
  @Test
  void afterALostHandoverTheOldAuthorityAloneVouchesForNobody() {
    try (var server = server()) {
      var acme = new TestTenant(server, "acme", 1);
      acme.verifiedLog();
      backup(server, "before_handover");
      var next = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
      var at = server.clock.get().plus(Duration.ofDays(4));
      var change = AuthoritySigned.change(server, next, at);
      assertThat(AuthoritySigned.bring(server, change).status()).isEqualTo(200);
      untilTold(acme, EntryType.GATEWAY_AUTHORITY);
      server.clock.set(at);
      server.stopLast();
      server.restore("before_handover");

      assertThat(StandardOutput.of(() -> server.startOver(directory)))
          .contains("THE DATABASE HAS LOST A CHANGE OF THE GATEWAY AUTHORITY", "Hand over again");
      var old = server.certificate("gw-1");
      assertThat(gateway(server, old).lease().code()).isEqualTo("certificate");
      var both = gateway(server, old.signedBy(next));
      assertThat(both.lease().status()).isEqualTo(200);
      try (var maintenance = server.maintenance(directory)) {
        maintenance.recover(acme.origin, "the disk was lost");
      }
      var again = AuthoritySigned.change(server, next, at.plus(Duration.ofDays(4)));
      assertThat(AuthoritySigned.bring(server, again).status()).isEqualTo(200);
      untilTold(acme, EntryType.GATEWAY_AUTHORITY);
      both.open(acme, acme.approved());
      server.clock.set(at.plus(Duration.ofDays(4)));
      var onlyNew =
          new Envelope(old.payloadType(), server.certificate("gw-1").payload(), List.of());
      var renewed = gateway(server, onlyNew.signedBy(next));
      assertThat(renewed.lease().status()).isEqualTo(200);
      renewed.open(acme, acme.approved());
      acme.verifiedLog();
    }
  }

  @Test
  void aBootIsForgottenOnceNothingCanComeOfItAnyMore() {
    try (var server = server()) {
      var acme = new TestTenant(server, "acme", 1);
      TestGateway.leased(server);
      server.pass(Duration.ofSeconds(1));
      var open = TestGateway.leased(server);
      open.open(acme, acme.approved());
      server.pass(Duration.ofSeconds(1));
      var newest = TestGateway.leased(server);
      var other = TestGateway.unleased(server, "gw-2");
      assertThat(other.lease().status()).isEqualTo(200);
      var revoked = AuthoritySigned.revocation("gw-2", server.gatewayKey("gw-2"), server.authority);
      AuthoritySigned.bring(server, revoked);
      server.execute("update session set state = 'open', ended_at = null, reason = null");
      server.stopLast();
      server.startOver(directory);
      assertThat(server.rows("select count(*) from gateway_boot"))
          .as("certificates that are valid")
          .containsExactly("4");
      server.stopLast();
      server.pass(Duration.ofDays(100));
      server.startOver(directory);
      Pause.until(
          "it is forgotten",
          () -> server.rows("select count(*) from gateway_boot").equals(List.of("3")));
      assertThat(server.rows("select boot from gateway_boot"))
          .containsExactlyInAnyOrder(open.boot, newest.boot, other.boot);
    }
  }
}
