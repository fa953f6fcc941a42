package org.openlockbox.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.controlplane.ConnectOffer;

/// A control plane that somebody took over offers statements that nobody signed, under the user
/// name of a session that is live. A live session speaks for its own statement alone.
class LyingControlPlaneTest {
  private static final byte[] STOLEN = new byte[32];

  private CheckFixture checks;
  private RequestEntry asked;
  private String token;

  @BeforeEach
  void start() throws IOException {
    checks = new CheckFixture();
    asked = checks.approved(checks.acme, "alice", Level.READ);
    token = checks.login(checks.acme, asked);
  }

  @AfterEach
  void stop() {
    checks.close();
  }

  private String user() {
    return token.substring(0, token.indexOf('.'));
  }

  /// Says what the liar needs, and bears no signature of the engineer.
  private ConnectOffer forged(TenantId tenant, String engineer) {
    Instant now = checks.clock.instant();
    ConnectStatement statement =
        new ConnectStatement(
            tenant,
            asked.submission().id(),
            TenantFixture.HELPDESK,
            new SubjectId(engineer),
            user(),
            new Credential.Token(Bytes.of(STOLEN).sha256()),
            new Window(now, now.plus(Duration.ofMinutes(10))),
            checks.acme.nonce());
    return new ConnectOffer(
        tenant, asked.submission().id(), statement.unsigned().signedBy(checks.acme.key("ann")));
  }

  private boolean allows(String engineer, String record) throws Exception {
    return checks.evaluate(engineer, "read", record).body().endsWith("\"decision\":true}");
  }

  private int forward(String shown) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(checks.at("/forward/nginx/helpdesk"))
            .header("X-Lockbox-Caller", CheckFixture.PROXY)
            .header("Authorization", "Bearer " + shown)
            .header("X-Original-Method", "GET")
            .header("X-Original-URI", "/t/acme/tickets")
            .header("X-Original-Host", "helpdesk.example.com")
            .build();
    return checks.send(request).statusCode();
  }

  @Test
  void aLiveSessionAnswersForNoOtherTenant() throws Exception {
    assertThat(allows("alice", "record-1")).isTrue();
    checks.globexPlane.offer(user(), forged(checks.globex.tenant(), "alice"));
    assertThat(allows("alice", "record-2")).isFalse();
    assertThat(allows("alice", "record-1")).isTrue();
    assertThat(checks.globexPlane.events()).isEmpty();
  }

  @Test
  void aLiveSessionAnswersForNoOtherEngineer() throws Exception {
    assertThat(allows("alice", "record-1")).isTrue();
    checks.acmesPlane.offer(user(), forged(checks.acme.tenant(), "mallory"));
    assertThat(allows("mallory", "record-1")).isFalse();
    assertThat(checks.operations()).hasSize(1);
  }

  @Test
  void aLiveSessionTakesNoTokenThatItsEngineerHasNotSigned() throws Exception {
    assertThat(forward(token)).isEqualTo(200);
    checks.acmesPlane.offer(user(), forged(checks.acme.tenant(), "alice"));
    String stolen = user() + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(STOLEN);
    assertThat(forward(stolen)).isEqualTo(403);
    assertThat(forward(token)).as("the engineer's own").isEqualTo(200);
    assertThat(checks.operations()).hasSize(2);
  }

  /// What it offered as one access is another, and both are real.
  @Test
  void aTrueStatementThatIsOfferedAsAnotherTenantsIsNotBelieved() throws Exception {
    ConnectOffer offered = checks.acmesPlane.connect(user()).orElseThrow();
    checks.globexPlane.offer(
        user(), new ConnectOffer(checks.globex.tenant(), offered.request(), offered.envelope()));
    assertThat(allows("alice", "record-2")).isFalse();
    assertThat(allows("alice", "record-1")).isTrue();
    assertThat(allows("alice", "record-2")).isFalse();
    assertThat(checks.globexPlane.events()).isEmpty();
  }
}
