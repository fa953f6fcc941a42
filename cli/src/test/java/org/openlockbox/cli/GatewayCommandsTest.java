package org.openlockbox.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayRevocation;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.SignatureCheck;
import org.openlockbox.core.testing.SettableClock;

/// `lockbox gateway`, as the provider's operators type it: what is signed, and what is refused
/// before anything is made or sent.
final class GatewayCommandsTest {
  private static final String SIGNED = "POST /v1/gateways:signed";

  @TempDir private Path home;
  private final StubServer server = new StubServer();
  private final SettableClock clock = new SettableClock();

  @BeforeEach
  void authority() {
    assertThat(types("key", "new", file("authority.key")).exit()).isZero();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell.Result types(String... words) {
    return new Shell(home, clock).at(server).run(words);
  }

  private String file(String name) {
    return home.resolve(name).toString();
  }

  private Shell.Result enroll(String id, String authority, String... more) {
    var words = new ArrayList<>(List.of("gateway", "enroll", id, "--authority", file(authority)));
    words.addAll(List.of("--log-host", "log.example", "--resource", "shop"));
    words.addAll(List.of("--dir", home.toString()));
    words.addAll(List.of(more));
    return types(words.toArray(String[]::new));
  }

  private Envelope enrolled(String id) throws IOException {
    var made = enroll(id, "authority.key");
    assertThat(made.exit()).as(made.err()).isZero();
    return certificate(id);
  }

  private Envelope certificate(String id) throws IOException {
    String text = Files.readString(home.resolve(id + ".cert")).strip();
    return Envelope.parse(CanonicalJson.parse(Bytes.ofUtf8(text)));
  }

  private boolean isSignedBy(Envelope envelope, String key) throws IOException {
    var authority = KeyFile.publicKey(Files.readString(home.resolve(key)));
    return !SignatureCheck.valid(List.of(authority), envelope).isEmpty();
  }

  @Test
  void aCertificateIsOfTheAuthorityForTheResourcesAndAYear() throws IOException {
    var envelope = enrolled("gw-2");
    var made = GatewayCertificate.parse(envelope);
    assertThat(isSignedBy(envelope, "authority.key")).isTrue();
    assertThat(made.resources()).extracting(Object::toString).containsExactly("shop");
    assertThat(made.validity().contains(clock.instant().plus(Duration.ofDays(364)))).isTrue();
    assertThat(made.validity().contains(clock.instant().plus(Duration.ofDays(366)))).isFalse();
    assertThat(server.asked()).as("no server is asked").isEmpty();
  }

  @Test
  void whatIsThereIsNotOverwrittenAndNothingIsMadeOfARefusal() throws IOException {
    Files.writeString(home.resolve("gw-3.cert"), "precious");
    var exists = enroll("gw-3", "authority.key");
    assertThat(exists.exit()).isEqualTo(2);
    assertThat(exists.err()).contains("gw-3.cert exists already");
    assertThat(home.resolve("gw-3.cert")).hasContent("precious");
    assertThat(enroll("gw-4", "none.key").err()).contains("none.key");
    for (var bad : List.of(List.of("--days", "400"), List.of("--resource", "Not a name"))) {
      var refused = enroll("gw-4", "authority.key", bad.toArray(String[]::new));
      assertThat(refused.exit()).isEqualTo(2);
      assertThat(refused.err()).contains("hint: ").doesNotContain("Exception");
    }
    assertThat(enroll("GW 4", "authority.key").exit()).isEqualTo(2);
    try (var files = Files.list(home)) {
      assertThat(files.map(each -> String.valueOf(each.getFileName())))
          .containsExactlyInAnyOrder("authority.key", "gw-3.cert");
    }
  }

  @Test
  void aRenewalGoesOnFromNowForTheSameKey() throws IOException {
    var old = GatewayCertificate.parse(enrolled("gw-2"));
    clock.advance(Duration.ofDays(500));
    var renewed =
        types("gateway", "renew", file("gw-2.cert"), "--authority", file("authority.key"));
    assertThat(renewed.exit()).as(renewed.err()).isZero();
    var certificate = GatewayCertificate.parse(certificate("gw-2"));
    assertThat(certificate.key()).isEqualTo(old.key());
    assertThat(certificate.resources()).isEqualTo(old.resources());
    assertThat(certificate.validity().contains(clock.instant())).isTrue();
  }

  /// With it the gateway would open no session any more.
  @Test
  void aRenewalByAnotherAuthorityIsRefusedUnlessTheOneBeforeSignsToo() throws IOException {
    var before = enrolled("gw-2");
    types("key", "new", file("other.key"));
    var refused = types("gateway", "renew", file("gw-2.cert"), "--authority", file("other.key"));
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("another gateway authority", "name both");
    assertThat(certificate("gw-2")).isEqualTo(before);
    var both =
        types(
            "gateway",
            "renew",
            file("gw-2.cert"),
            "--authority",
            file("authority.key"),
            "--authority",
            file("other.key"));
    assertThat(both.exit()).as(both.err()).isZero();
    assertThat(isSignedBy(certificate("gw-2"), "authority.key")).isTrue();
    assertThat(isSignedBy(certificate("gw-2"), "other.key")).isTrue();
  }

  private static GatewayRevocation sent(String body) {
    var fields = Fields.of(Json.read(body.getBytes(UTF_8)), "x");
    return GatewayRevocation.parse(Envelope.parse(fields.object("envelope")));
  }

  @Test
  void aRevocationNamesTheKeyOfTheCertificate() throws IOException {
    var key = GatewayCertificate.parse(enrolled("gw-2")).key().keyId();
    var sent = new ArrayList<GatewayRevocation>();
    server.on(
        SIGNED,
        body -> {
          sent.add(sent(body));
          return sent.size() == 1 ? "{\"recorded\":true}" : "{\"recorded\":false}";
        });
    var first = revoke(file("gw-2.cert"));
    assertThat(first.exit()).isZero();
    assertThat(first.out()).startsWith("revoked  key " + key + " of gateway gw-2");
    var second = revoke(file("gw-2.cert"));
    assertThat(second.exit()).isZero();
    assertThat(second.out()).startsWith("was revoked before  key " + key + " of gateway gw-2");
    assertThat(sent).extracting(GatewayRevocation::key).containsExactly(key, key);
    assertThat(sent.getFirst().reason()).isEqualTo("stolen");
  }

  private Shell.Result revoke(String of, String... more) {
    var words = new ArrayList<>(List.of("gateway", "revoke", of, "--reason", "stolen"));
    words.addAll(List.of("--authority", file("authority.key")));
    words.addAll(List.of(more));
    return types(words.toArray(String[]::new));
  }

  /// The host is lost, and its certificate with it. A server that names another gateway's key, or
  /// another log host, gets no signature for it.
  @Test
  void withoutTheCertificateTheOperatorNamesTheKeyAndTheServerDoesNot() throws IOException {
    var lost = GatewayCertificate.parse(enrolled("gw-2")).key().keyId();
    var healthy = GatewayCertificate.parse(enrolled("gw-3")).key().keyId();
    server.on(
        "GET /v1/gateways",
        200,
        "{\"gateways\":[{\"gateway\":\"gw-2\",\"key\":\"%s\",\"logHost\":\"other.example\"}]}"
            .formatted(healthy.hex()));
    var sent = new ArrayList<GatewayRevocation>();
    server.on(
        SIGNED,
        body -> {
          sent.add(sent(body));
          return "{\"recorded\":true}";
        });
    for (var missing :
        List.of(
            revoke("gw-2"),
            revoke("gw-2", "--key", lost.hex()),
            revoke("gw-2", "--log-host", "log.example"))) {
      assertThat(missing.exit()).isEqualTo(2);
      assertThat(missing.err())
          .contains("no certificate file gw-2", "name the key and the log host")
          .contains("lockbox gateway ls -o json");
    }
    assertThat(server.asked()).isEmpty();
    var named = revoke("gw-2", "--key", lost.hex(), "--log-host", "log.example");
    assertThat(named.exit()).as(named.err()).isZero();
    assertThat(sent).extracting(GatewayRevocation::key).containsExactly(lost);
    assertThat(sent.getFirst().logHost().value()).isEqualTo("log.example");
  }

  @Test
  void aKeyThatIsNoneOrStandsBesideACertificateIsRefused() throws IOException {
    enrolled("gw-2");
    var none = revoke("gw-2", "--key", "abc", "--log-host", "log.example");
    assertThat(none.exit()).isEqualTo(2);
    var both = revoke(file("gw-2.cert"), "--key", "ab".repeat(32));
    assertThat(both.exit()).isEqualTo(2);
    assertThat(both.err()).contains("names its key and its log host", "leave out --key");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void whatIsNoCertificateOrNoReasonIsRefusedHere() throws IOException {
    enrolled("gw-2");
    Files.writeString(home.resolve("x.cert"), "{}");
    var malformed = revoke(file("x.cert"));
    assertThat(malformed.exit()).isEqualTo(2);
    assertThat(malformed.err()).contains("is no certificate of a gateway");
    var blank =
        types(
            "gateway",
            "revoke",
            file("gw-2.cert"),
            "--authority",
            file("authority.key"),
            "--reason",
            " ");
    assertThat(blank.exit()).isEqualTo(2);
    assertThat(blank.err()).contains("1 to 500 characters");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void whatTheServerRefusesIsToldInItsWords() throws IOException {
    enrolled("gw-2");
    server.on(
        SIGNED,
        422,
        "{\"status\":422,\"code\":\"gateway_authority\",\"detail\":\"not signed by"
            + " it\",\"hint\":\"h\"}");
    var refused = revoke(file("gw-2.cert"));
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("not signed by it", "hint: h");
    assertThat(refused.out()).isEmpty();
  }
}
