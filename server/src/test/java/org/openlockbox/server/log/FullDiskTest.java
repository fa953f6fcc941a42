package org.openlockbox.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.FileLimit;
import org.openlockbox.server.Pause;
import org.openlockbox.server.StandardOutput;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// The disk of the signed heads is full: what ends access takes effect and says so, everything else
/// is refused, and no session goes on unsigned for long.
final class FullDiskTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);
  private static final TestTenant GLOBEX = new TestTenant(SERVER, "globex", 1);

  @AfterAll
  static void close() {
    SERVER.close();
  }

  @Test
  void whatEndsAccessTakesEffectAndAllElseIsRefusedUntilThereIsRoom() {
    var gateway = TestGateway.leased(SERVER);
    var first = ACME.approved();
    var second = ACME.approved();
    var session = gateway.open(ACME, second);
    var waiting = ACME.ask("helpdesk");
    var cut = GLOBEX.approved();
    var undecided = GLOBEX.ask("helpdesk");
    var bob = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
    var added =
        ACME.change(
            new Edit.AddKey(new ApproverKey(new SubjectId("acme-bob"), "Bob", bob.key())), bob);
    assertThat(added.json().has("checkpointFollows")).isFalse();
    assertThat(health().status()).isEqualTo(200);
    var said = StandardOutput.of(() -> full(gateway, first, waiting, session, bob.key().keyId()));
    assertThat(said.lines().filter(line -> line.contains("NOTHING IS SIGNED"))).hasSize(1);
    assertThat(said).contains("signing goes on after").doesNotContain("a call failed");
    assertThat(said.lines().filter(line -> line.contains(" ERROR ") || line.contains(" WARN ")))
        .hasSizeLessThan(5);

    assertThat(gateway.lease().status()).isEqualTo(200);
    assertThat(ACME.approve(waiting).status()).isEqualTo(200);
    assertThat(ACME.verifiedLog())
        .anyMatch(
            entry ->
                entry.body() instanceof RequestEvent.Revoked revoked
                    && revoked.about().equals(TestTenant.ref(first).id()));
    assertThat(GLOBEX.show(cut).json().text("state")).isEqualTo("revoked");
    assertThat(GLOBEX.show(undecided).json().text("state")).isEqualTo("denied");
    assertThat(GLOBEX.verifiedLog())
        .anyMatch(entry -> entry.body() instanceof KeyringEvent.SettingsChanged)
        .anyMatch(entry -> entry.body() instanceof RequestEvent.Ended);
    assertThat(ACME.verifiedLog())
        .anyMatch(entry -> entry.body() instanceof KeyringEvent.KeyRemoved);
    var again = gateway.entry(ACME, TestGateway.closed(session, true));
    assertThat(gateway.append(again).status()).isEqualTo(200);
    ACME.verifiedLog();
  }

  private static void full(
      TestGateway gateway, Answer approved, Answer waiting, SessionId session, KeyId removed) {
    try (var _ = FileLimit.of(1)) {
      // One may still be signed: that it cannot be remembered is known from then on.
      SERVER.post("engineer", ACME.requests(), ACME.wish("helpdesk"));
      var refused = SERVER.post("engineer", ACME.requests(), ACME.wish("helpdesk"));
      assertThat(refused.status()).as(refused.toString()).isEqualTo(503);
      assertThat(refused.code()).isEqualTo("cannot_sign");
      assertThat(refused.json().text("hint")).contains("server.signedHeads");
      assertThat(ACME.approve(waiting).code()).isEqualTo("cannot_sign");

      var revoked = ACME.revoke(ACME.show(approved));
      assertThat(revoked.status()).as(revoked.toString()).isEqualTo(200);
      assertThat(revoked.json().text("state")).isEqualTo("revoked");
      assertThat(revoked.json().has("proof")).isFalse();
      assertThat(revoked.json().has("checkpointFollows")).isTrue();
      assertThat(ACME.show(approved).json().text("state")).isEqualTo("revoked");

      // So do a key that is taken away, and access that is switched off.
      assertThat(ACME.change(new Edit.RemoveKey(removed)).json().has("checkpointFollows")).isTrue();
      var off = GLOBEX.change(new Edit.ReplaceSettings(Settings.NONE.with(ProviderAccess.OFF)));
      assertThat(off.json().has("checkpointFollows")).isTrue();

      var ill = health();
      assertThat(ill.status()).isEqualTo(503);
      assertThat(ill.toString()).contains("\"database\":\"up\"", "\"signing\":\"down\"");

      var text = TestGateway.sql("select 1");
      var statement = gateway.entry(ACME, TestGateway.statement(session, 0, text), text);
      assertThat(gateway.append(statement).status()).isEqualTo(200);
      assertThat(gateway.lease().status()).isEqualTo(200);
      SERVER.pass(Duration.ofSeconds(11));
      Pause.until("no lease", () -> gateway.lease().status() == 503);
      assertThat(gateway.lease().code()).isEqualTo("cannot_sign");
    }
    Pause.until("signing goes on", () -> health().status() == 200);
    Pause.until("a lease", () -> gateway.lease().status() == 200);
  }

  private static Answer health() {
    return SERVER.get("nobody", "/healthz");
  }
}
