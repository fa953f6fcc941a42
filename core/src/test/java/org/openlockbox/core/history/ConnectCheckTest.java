package org.openlockbox.core.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.tree.Hash;

class ConnectCheckTest {
  private final SettableClock clock = new SettableClock();
  private final TenantFixture acme = new TenantFixture("acme", 1, clock);

  @Test
  void theConnectStatementIsTheEngineersForThisGrantAndNow() {
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    var grant = acme.checked(asked).grant().orElseThrow();
    var now = clock.instant();
    assertThat(ConnectCheck.verify(grant, acme.connect(asked), now))
        .isInstanceOf(ConnectCheck.Valid.class);
    assertInvalid(grant, acme.connect(asked), now.plus(Duration.ofMinutes(10)));
    assertInvalid(grant, acme.connect(asked), now.minusMillis(1));
    assertInvalid(grant, acme.connect(asked), now.plus(Duration.ofMinutes(30)));
    var statement = acme.connectStatement(asked);
    assertInvalid(grant, statement.unsigned().signedBy(acme.key("ann")), now);
    assertInvalid(grant, acme.approval(asked, "ann"), now);
    assertInvalid(grant, acme.connect(acme.ask(1)), now);
    var longer = new Window(now, now.plus(Duration.ofMinutes(31)));
    assertInvalid(grant, signed(statement, statement.credential(), longer), now);
  }

  @Test
  void theOnlyKeyThatACredentialCanNameIsThatOfTheRequest() {
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    var grant = acme.checked(asked).grant().orElseThrow();
    var now = clock.instant();
    var statement = acme.connectStatement(asked);
    var own = new Credential.OwnKey(asked.submission().engineer().key().keyId());
    assertThat(ConnectCheck.verify(grant, signed(statement, own, statement.window()), now))
        .isInstanceOf(ConnectCheck.Valid.class);
    var foreign = new Credential.OwnKey(acme.key("ann").key().keyId());
    assertInvalid(grant, signed(statement, foreign, statement.window()), now);
  }

  @Test
  void aConnectStatementHasExactlyOneCredential() {
    var written = acme.connectStatement(acme.ask(1)).toJson();
    var none = new TreeMap<>(written.members());
    none.remove("scram");
    assertThatThrownBy(() -> ConnectStatement.parse(new Json.Object(none)))
        .isInstanceOf(MalformedJson.class);
    none.put("token", new Json.Text("00".repeat(32)));
    assertThat(ConnectStatement.parse(new Json.Object(none)).credential())
        .isEqualTo(new Credential.Token(Hash.of(new byte[32])));
    none.put("key", new Json.Text("00".repeat(32)));
    assertThatThrownBy(() -> ConnectStatement.parse(new Json.Object(none)))
        .isInstanceOf(MalformedJson.class);
  }

  private Envelope signed(ConnectStatement like, Credential credential, Window window) {
    return new ConnectStatement(
            like.tenant(),
            like.request(),
            like.resource(),
            like.engineer(),
            like.user(),
            credential,
            window,
            like.nonce())
        .unsigned()
        .signedBy(acme.key("engineer"));
  }

  private static void assertInvalid(ProvenGrant grant, Envelope connect, Instant now) {
    assertThat(ConnectCheck.verify(grant, connect, now)).isInstanceOf(ConnectCheck.Invalid.class);
  }
}
