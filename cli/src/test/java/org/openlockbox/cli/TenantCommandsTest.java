package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;

/// A server that founds another tenant than the one that was signed, or tells another keyring than
/// the log has.
final class TenantCommandsTest {
  @TempDir private Path home;
  private final TenantFixture acme = new TenantFixture("acme", 1, new SettableClock());
  private final StubServer server = new StubServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell shell() {
    return new Shell(home.resolve("cli"), acme.clock()).at(server);
  }

  private Path pin() {
    return home.resolve("cli/pins/acme");
  }

  private String told(List<ApproverKey> keys) {
    var shown =
        keys.stream()
            .map(
                key ->
                    Json.object()
                        .put("approver", key.approver().value())
                        .put("keyId", key.key().keyId().hex())
                        .build())
            .toList();
    return CanonicalJson.text(
        Json.object()
            .put("id", "acme")
            .put("pin", acme.pin())
            .put("quorum", 1)
            .putTexts("logKeys", acme.genesis(1).logKeys().vkeys())
            .put("keys", shown)
            .build());
  }

  private Shell.Result founds() {
    var genesis = acme.genesis(1);
    var prepared =
        Json.object()
            .put("origin", acme.log().origin().value())
            .putTexts("logKeys", genesis.logKeys().vkeys())
            .put("slot", TenantFixture.SLOT)
            .put("gatewayAuthority", genesis.gatewayAuthority().toJson())
            .build();
    server.on("POST /v1/tenants:prepare", 200, CanonicalJson.text(prepared));
    PrivateFile.create(home.resolve("keys/zoe.key"), KeyFile.format(acme.key("zoe")));
    return shell().run("tenant", "create", "acme", "--name", "Acme", "--approver", "zoe=zoe.key");
  }

  @Test
  void thePinIsThatOfTheFoundingThatWasSigned() {
    new LogStub(acme, server); // which zoe has not signed
    server.on("POST /v1/tenants", 200, told(acme.genesis(1).keys()));
    var created = founds();
    assertThat(created.exit()).isEqualTo(1);
    assertThat(created.err()).contains("another founding than the one that was signed");
    assertThat(created.out()).isEmpty();
    assertThat(pin()).doesNotExist();
  }

  @Test
  void thePinIsNotWhatTheServerCallsIt() {
    server.on(
        "POST /v1/tenants",
        body -> {
          var json = Json.read(body.getBytes(StandardCharsets.UTF_8));
          var genesis =
              LogStub.envelope(CanonicalJson.text(((Json.Object) json).members().get("genesis")));
          var entry =
              LogEntry.of(
                  acme.log().origin(),
                  0,
                  acme.clock().instant(),
                  new KeyringEvent.Founded(genesis));
          server.on(
              "GET /v1/tenants/acme/keyring",
              200,
              CanonicalJson.text(
                  Json.object().put("entries", List.of(LogStub.shown(entry.bytes()))).build()));
          return told(List.of());
        });
    var created = founds();
    assertThat(created.exit()).isEqualTo(1);
    assertThat(created.err()).contains("the server calls another pin");
    assertThat(created.out()).isEmpty();
  }

  @Test
  void whereThePinIsKeptAKeyThatTheLogDoesNotHaveIsNotShown() {
    new LogStub(acme, server);
    server.on("GET /v1/tenants/acme", 200, told(List.of(acme.approver("mallory"))));
    assertThat(shell().run("tenant", "show", "acme").exit()).as("nothing to compare with").isZero();
    PrivateFile.replace(pin(), acme.pin().hex() + "\n");
    var lie = shell().run("tenant", "show", "acme");
    assertThat(lie.exit()).isEqualTo(1);
    assertThat(lie.err()).contains("than its log proves");
    assertThat(lie.out()).isEmpty();
    server.on("GET /v1/tenants/acme", 200, told(acme.genesis(1).keys()));
    assertThat(shell().run("tenant", "show", "acme", "--pin").out()).contains(acme.pin().hex());
  }
}
