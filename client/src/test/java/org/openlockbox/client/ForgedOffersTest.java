package org.openlockbox.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.client.ClientFixture.notRecorded;
import static org.openlockbox.client.ClientFixture.recorded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.client.memory.FileLogMemory;
import org.openlockbox.client.session.AccessRefusal.RefusalKind;
import org.openlockbox.client.session.AccessSession;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.login.BearerToken;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.FakeControlPlane;

/// A control plane that somebody took over opens nothing in an application.
class ForgedOffersTest {
  private static final Bytes STOLEN = Bytes.of(new byte[32]);

  /// Says what the liar needs, and bears no signature of the engineer.
  private static ConnectOffer forged(
      ClientFixture app, TenantId tenant, RequestEntry asked, String user) {
    Instant now = app.clock.instant();
    ConnectStatement statement =
        new ConnectStatement(
            tenant,
            asked.submission().id(),
            TenantFixture.HELPDESK,
            TenantFixture.EVE,
            user,
            new Credential.Token(STOLEN.sha256()),
            new Window(now, now.plus(Duration.ofMinutes(10))),
            app.acme.nonce());
    return new ConnectOffer(
        tenant, asked.submission().id(), statement.unsigned().signedBy(app.acme.key("ann")));
  }

  @Test
  void aLoginThatTheEngineerHasNotSignedOpensNothing() throws IOException {
    try (var app = new ClientFixture()) {
      RequestEntry asked = app.approved();
      String user = app.token(app.acme, asked).user();
      app.acmesPlane.offer(user, forged(app, app.acme.tenant(), asked, user));
      assertThat(app.notOpened(new BearerToken(user, STOLEN.sha256())).code()).isEqualTo("access");
      assertThat(app.acmesPlane.events()).isEmpty();
    }
  }

  @Test
  void whatIsNoLoginAtAllIsADenial() throws IOException {
    try (var app = new ClientFixture()) {
      RequestEntry asked = app.approved();
      String user = app.token(app.acme, asked).user();
      var other = FakeControlPlane.credential(app.acme).certificate().get();
      app.acmesPlane.offer(
          user, new ConnectOffer(app.acme.tenant(), asked.submission().id(), other));
      assertThat(app.notOpened(new BearerToken(user, STOLEN.sha256())).kind())
          .isEqualTo(RefusalKind.UNAVAILABLE);
    }
  }

  /// A live session belongs to its own token, not to a user name.
  @Test
  void aForgedLoginUnderTheNameOfALiveSessionOpensNothing() throws IOException {
    try (var app = new ClientFixture()) {
      RequestEntry asked = app.approved();
      BearerToken token = app.token(app.acme, asked);
      AccessSession session = app.opened(token);
      app.acmesPlane.offer(token.user(), forged(app, app.acme.tenant(), asked, token.user()));
      assertThat(app.notOpened(new BearerToken(token.user(), STOLEN.sha256())).code())
          .isEqualTo("access");
      recorded(session.record(app.list("still the engineer's own"))).close();
    }
  }

  /// What it offers as globex's is acme's: admission proves what it is, and the session is acme's.
  @Test
  void aTrueLoginThatIsOfferedAsAnotherTenantsReadsNothingOfThatTenant() throws IOException {
    try (var app = new ClientFixture()) {
      RequestEntry asked = app.approved();
      BearerToken token = app.token(app.acme, asked);
      ConnectOffer offered = app.acmesPlane.connect(token.user()).orElseThrow();
      app.acmesPlane.offer(
          token.user(),
          new ConnectOffer(app.globex.tenant(), offered.request(), offered.envelope()));
      assertThat(app.notOpened(token).message()).isNotBlank();
      assertThat(app.globexPlane.events()).isEmpty();
    }
  }

  @Test
  void anApprovalThatIsHiddenOrMissingLetsNobodyIn() throws IOException {
    try (var app = new ClientFixture()) {
      BearerToken token = app.token(app.acme, app.approved());
      app.acmesPlane.hide(entry -> entry.body() instanceof RequestEvent.Decided);
      app.notOpened(token);
      assertThat(app.acmesPlane.events()).isEmpty();
    }
  }

  /// The application knows an end for good, also where the control plane denies it after a restart.
  @Test
  void anEndThatWasSeenIsRememberedBeyondARestart(@TempDir Path directory) throws IOException {
    FileLogMemory memory = FileLogMemory.open(directory, InstantSource.system());
    try (var app = new ClientFixture(memory)) {
      RequestEntry asked = app.approved();
      BearerToken token = app.token(app.acme, asked);
      AccessSession session = app.opened(token);
      app.acmesPlane.end(asked.submission().id());
      Await.until(() -> !session.isOpen());
      notRecorded(session.record(app.list("too late")));
      Await.until(() -> memory.of(app.acme.tenant(), asked.submission().id()).hasEnded());
      memory.close();
      try (var again = FileLogMemory.open(directory, InstantSource.system());
          var restarted = app.start(again, app.acme.pin())) {
        assertThat(restarted.open(token, TenantFixture.HELPDESK, ClientFixture.here()))
            .asString()
            .contains("FORBIDDEN");
      }
    }
  }
}
