package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;

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

  private static SoftwareKey fresh() {
    return SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
  }

  private Path file() {
    return directory.resolve("gateway-statements");
  }

  private static String kept(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String key(SoftwareKey key) {
    return key.key().keyId().hex();
  }

  /// The write of the file fails after the commit. The answer is no success, and the same again,
  /// once there is room, is.
  @Test
  void aRevocationIsNotAcknowledgedBeforeItIsInTheFile() throws IOException {
    try (var server = server()) {
      var stolen = TestGateway.leased(server);
      Files.delete(file());
      Files.createDirectory(file());
      var signed = AuthoritySigned.revocation("gw-1", server.gatewayKey("gw-1"), server.authority);
      assertThat(AuthoritySigned.bring(server, signed).code()).isEqualTo("not_kept");
      assertThat(stolen.lease().code()).isEqualTo("certificate");
      Files.delete(file());
      var again = AuthoritySigned.bring(server, signed);
      assertThat(again.status()).isEqualTo(200);
      assertThat(again.json().flag("recorded")).isFalse();
      assertThat(file()).content().contains("gateway-revoke");
    }
  }

  /// The database refuses the row: nothing is in force, nothing is in the file.
  @Test
  void aRevocationThatIsNotCommittedIsNowhere() {
    try (var server = server()) {
      var gateway = TestGateway.leased(server);
      server.execute(
          "alter table gateway_statement add constraint full_disk check (kind <> 'gateway-revoke')");
      var signed = AuthoritySigned.revocation("gw-1", server.gatewayKey("gw-1"), server.authority);
      assertThat(AuthoritySigned.bring(server, signed).status()).isGreaterThanOrEqualTo(500);
      assertThat(gateway.lease().status()).isEqualTo(200);
      assertThat(file()).isEmptyFile();
      server.execute("alter table gateway_statement drop constraint full_disk");
      assertThat(AuthoritySigned.bring(server, signed).status()).isEqualTo(200);
      assertThat(gateway.lease().code()).isEqualTo("certificate");
    }
  }

  /// Another server commits a second revocation while this one, which has read the table, gives a
  /// lost one back.
  @Test
  void aRevocationThatIsCommittedDuringAComparisonIsRememberedToo() throws SQLException {
    try (var server = server()) {
      var first = AuthoritySigned.revocation("gw-1", server.gatewayKey("gw-1"), server.authority);
      assertThat(AuthoritySigned.bring(server, first).status()).isEqualTo(200);
      var second =
          AuthoritySigned.signedRevocation("gw-2", server.gatewayKey("gw-2"), server.authority);
      try (var other = DriverManager.getConnection(server.jdbcUrl, "postgres", "postgres");
          var insert =
              other.prepareStatement(
                  "insert into gateway_statement (kind, revoked_key, envelope, at)"
                      + " values ('gateway-revoke', ?, ?, now())")) {
        other.setAutoCommit(false);
        insert.setString(1, key(server.gatewayKey("gw-2")));
        insert.setString(2, CanonicalJson.text(second.toJson()));
        insert.executeUpdate();
        server.execute(
            "delete from gateway_statement where revoked_key = '%s'"
                .formatted(key(server.gatewayKey("gw-1"))));
        Pause.until(
            "the server gives back",
            () ->
                server
                    .rows(
                        "select count(*) from pg_locks where not granted"
                            + " and relation = 'gateway_statement'::regclass")
                    .equals(List.of("1")));
        other.commit();
      }
      Pause.until("both are remembered", () -> kept(file()).lines().count() == 2);
    }
  }

  /// What the new authority revoked is lost with its handover: the tenants' logs trust the old one
  /// again, and cannot take it until the authority is handed over once more and that takes effect.
  @Test
  void aRevocationThatALogCannotTakeNowIsToldOnceItCan() {
    try (var server = server()) {
      var acme = new TestTenant(server, "acme", 1);
      acme.verifiedLog();
      backup(server, "before_next");
      var next = fresh();
      var at = server.clock.get().plus(Duration.ofDays(4));
      var change = AuthoritySigned.change(server, next, at);
      assertThat(AuthoritySigned.bring(server, change).status()).isEqualTo(200);
      untilTold(acme, EntryType.GATEWAY_AUTHORITY);
      server.clock.set(at);
      var signed = AuthoritySigned.revocation("gw-1", server.gatewayKey("gw-1"), next);
      assertThat(AuthoritySigned.bring(server, signed).status()).isEqualTo(200);
      untilTold(acme, EntryType.GATEWAY_REVOKE);
      server.stopLast();
      server.restore("before_next");
      server.startOver(directory);
      try (var maintenance = server.maintenance(directory)) {
        maintenance.recover(acme.origin, "the disk was lost");
      }
      Pause.until("tried", () -> !pending(server).equals(List.of("0")));
      assertThat(entries(acme, EntryType.GATEWAY_REVOKE)).isZero();
      var again = at.plus(Duration.ofDays(4));
      change = AuthoritySigned.change(server, next, again);
      assertThat(AuthoritySigned.bring(server, change).status()).isEqualTo(200);
      untilTold(acme, EntryType.GATEWAY_AUTHORITY);
      assertThat(entries(acme, EntryType.GATEWAY_REVOKE)).isZero();
      server.clock.set(again);
      untilTold(acme, EntryType.GATEWAY_REVOKE);
      assertThat(pending(server)).containsExactly("0");
    }
  }

  private static List<String> pending(TestServer server) {
    return server.rows("select count(*) from pending_revocation");
  }

  /// A tenant that is founded after a handover cannot take what the old authority revoked. The
  /// authority in force says it once more, and only that tenant's log gets another entry.
  @Test
  void theNextAuthorityRevokesAKeyAgainForTenantsThatCameLater() {
    try (var server = server()) {
      var acme = new TestTenant(server, "acme", 1);
      var key = fresh();
      var byOld = AuthoritySigned.revocation("gw-2", key, server.authority);
      assertThat(AuthoritySigned.bring(server, byOld).status()).isEqualTo(200);
      untilTold(acme, EntryType.GATEWAY_REVOKE);
      var next = fresh();
      var at = server.clock.get().plus(Duration.ofDays(4));
      AuthoritySigned.bring(server, AuthoritySigned.change(server, next, at));
      untilTold(acme, EntryType.GATEWAY_AUTHORITY);
      server.clock.set(at);
      var later = new TestTenant(server, "globex", 1);
      assertThat(entries(later, EntryType.GATEWAY_REVOKE)).isZero();
      var byNext = AuthoritySigned.revocation("gw-2", key, next);
      assertThat(AuthoritySigned.bring(server, byNext).json().flag("recorded")).isTrue();
      untilTold(later, EntryType.GATEWAY_REVOKE);
      Pause.until(
          "both are told",
          () -> server.rows("select distinct gateways_told from tenant").equals(List.of("3")));
      assertThat(entries(acme, EntryType.GATEWAY_REVOKE)).isEqualTo(1);
      assertThat(pending(server)).containsExactly("0");
      assertThat(AuthoritySigned.bring(server, byNext).json().flag("recorded")).isFalse();
    }
  }

  /// A second handover that follows a lost one ends what the lost one asks for.
  @Test
  void aHandoverToAnotherKeyEndsALostOne(@TempDir Path second) {
    try (var server = server()) {
      backup(server, "before_lost");
      var lost = fresh();
      var at = server.clock.get().plus(Duration.ofDays(4));
      AuthoritySigned.bring(server, AuthoritySigned.change(server, lost, at));
      server.clock.set(at);
      server.stopLast();
      server.restore("before_lost");
      server.startOver(directory);
      server.stopLast();
      server.startOver(second); // has never seen the lost one itself
      var old = server.certificate("gw-1");
      assertThat(gateway(server, old).lease().code()).isEqualTo("certificate");
      var byOld = AuthoritySigned.revocation("gw-2", server.gatewayKey("gw-2"), server.authority);
      assertThat(AuthoritySigned.bring(server, byOld).code()).isEqualTo("gateway_authority");
      var both = gateway(server, old.signedBy(lost));
      assertThat(both.lease().status()).isEqualTo(200);

      var other = fresh();
      var then = at.plus(Duration.ofDays(4));
      var change = AuthoritySigned.change(server, other, then);
      assertThat(AuthoritySigned.bring(server, change).status()).isEqualTo(200);
      server.clock.set(then);
      var unsigned =
          new Envelope(old.payloadType(), server.certificate("gw-1").payload(), List.of());
      assertThat(gateway(server, unsigned.signedBy(other)).lease().status()).isEqualTo(200);
      server.stopLast();
      server.startOver(directory);
      assertThat(gateway(server, unsigned.signedBy(other)).lease().status()).isEqualTo(200);
      assertThat(gateway(server, unsigned.signedBy(lost)).lease().code()).isEqualTo("certificate");
    }
  }

  @Test
  void aServerKnowsRevokedBootsBeforeItsFirstRound(@TempDir Path second) {
    try (var server = server()) {
      var stolen = TestGateway.leased(server);
      var signed = AuthoritySigned.revocation("gw-1", server.gatewayKey("gw-1"), server.authority);
      assertThat(AuthoritySigned.bring(server, signed).status()).isEqualTo(200);
      var wiring = server.notStarted(second);
      try {
        var appending = wiring.gateways().appending();
        assertThatThrownBy(() -> appending.append(new GatewayId("gw-1"), stolen.boot, List.of()))
            .isInstanceOfSatisfying(
                Problem.class, problem -> assertThat(problem.code()).isEqualTo("revoked"));
      } finally {
        wiring.close();
      }
    }
  }

  @Test
  void aSupersededBootNeverComesBackAndARevocationStillEndsIt() {
    try (var server = server()) {
      var acme = new TestTenant(server, "acme", 1);
      var former = TestGateway.leased(server);
      var session = former.open(acme, acme.approved());
      server.pass(Duration.ofSeconds(1));
      var newest = TestGateway.leased(server);
      server.stopLast();
      server.pass(Duration.ofDays(100));
      server.startOver(directory);
      server.token("operator", "olga", Role.OPERATOR, Optional.empty());
      Pause.until(
          "its certificate is forgotten",
          () ->
              server
                  .rows("select boot from gateway_boot where certificate is null")
                  .equals(List.of(former.boot)));
      assertThat(server.rows("select boot from gateway_boot"))
          .containsExactlyInAnyOrder(former.boot, newest.boot);

      var renewed = former.renewed(server.certificate("gw-1"));
      assertThat(renewed.lease().code()).isEqualTo("superseded");
      var signed = AuthoritySigned.revocation("gw-1", server.gatewayKey("gw-1"), server.authority);
      assertThat(AuthoritySigned.bring(server, signed).status()).isEqualTo(200);
      assertThat(former.append(former.entry(acme, TestGateway.outcome(session, 0))).code())
          .isEqualTo("revoked");
    }
  }
}
