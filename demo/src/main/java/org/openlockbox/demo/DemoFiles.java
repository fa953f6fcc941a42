package org.openlockbox.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.tenant.LogHost;
import org.openlockbox.tlog.SigningKeys;

/// Writes the keys, the catalogue and the configuration of a demo. What is there already is kept,
/// except for the configuration, which follows from the rest.
final class DemoFiles {
  private static final String CALLER_HEADER = "Authorization: Bearer office.";
  private static final int PASSWORD_BYTES = 24;
  private static final int SECRET_BYTES = 32;
  private static final String LOG_HOST = "lockbox.demo"; // as in demo/lockbox.yaml
  private static final String NO_LIMITS =
      "  requestRates: {perEngineer: 1000000, perTenant: 1000000, toldSingly: 1000000}\n";

  private final DemoLayout layout;
  private final DemoPorts ports;
  private final boolean requestRates;
  private final InstantSource clock;
  private final SecureRandom random;

  DemoFiles(
      DemoLayout layout,
      DemoPorts ports,
      boolean requestRates,
      InstantSource clock,
      SecureRandom random) {
    this.layout = layout;
    this.ports = ports;
    this.requestRates = requestRates;
    this.clock = clock;
    this.random = random;
  }

  void write(Path authority) throws IOException {
    Path logKeys = layout.key("log.key");
    if (!Files.exists(logKeys)) {
      DemoLayout.writePrivate(logKeys, SigningKeys.generate(random).format());
    }
    Path gateways = layout.key("authority.pub");
    Files.writeString(gateways, KeyFile.format(key("authority.key").key()));
    certify("gw-1");
    for (String name : DemoRoles.SIGNERS) {
      key(name + ".key");
    }
    assertionKey();
    gatewayPassword();
    if (!Files.exists(layout.key("gw-1.token"))) {
      DemoLayout.writePrivate(layout.key("gw-1.token"), "");
    }
    Files.writeString(
        layout.resources(),
        filled(
            "resources.yaml",
            Map.of(
                "port", ports.helpdesk(),
                "api", ports.api(),
                "ca", authority.toAbsolutePath())));
    writeConfig(Map.of());
  }

  /// Writes a certificate that is valid for a year, anew at each start.
  private void certify(String gateway) throws IOException {
    var now = clock.instant();
    var certificate =
        new GatewayCertificate(
            new GatewayId(gateway),
            key(gateway + ".key").key(),
            new LogHost(LOG_HOST),
            List.of(
                new ResourceId("helpdesk"),
                new ResourceId("helpdesk-api"),
                new ResourceId("helpdesk-office")),
            new Window(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(365))));
    var signed = certificate.unsigned().signedBy(key("authority.key"));
    Files.writeString(layout.key(gateway + ".cert"), CanonicalJson.text(signed.toJson()) + "\n");
  }

  /// Writes the configuration with the pins of these tenants' logs.
  void writeConfig(Map<String, String> pins) throws IOException {
    String lines =
        new TreeMap<>(pins)
            .entrySet().stream()
                .map(pin -> "    %s: \"%s\"".formatted(pin.getKey(), pin.getValue()))
                .collect(Collectors.joining("\n"));
    Map<String, Object> values =
        Map.of(
            "server", ports.server(),
            "gateway", ports.gateway(),
            "http", ports.http(),
            "checks", ports.checks(),
            "caller", Bytes.ofUtf8(callerSecret()).sha256().hex(),
            "control", ports.control(),
            "mail", ports.mail(),
            "limits", requestRates ? "" : NO_LIMITS,
            "pins", pins.isEmpty() ? "" : "  pins:\n" + lines);
    Files.writeString(layout.config(), filled("lockbox.yaml", values));
  }

  /// The secret of the back office, which asks the gateway: made on first use, and kept as the
  /// header that it sends.
  private String callerSecret() throws IOException {
    Path file = layout.key("office.header");
    if (!Files.exists(file)) {
      DemoLayout.writePrivate(file, CALLER_HEADER + randomText(SECRET_BYTES) + "\n");
    }
    return Files.readString(file).strip().substring(CALLER_HEADER.length());
  }

  private String randomText(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// The password of the gateway's login in the helpdesk database, made on first use.
  String gatewayPassword() throws IOException {
    Path file = layout.key("gw-1.helpdesk-password");
    if (!Files.exists(file)) {
      DemoLayout.writePrivate(file, randomText(PASSWORD_BYTES));
    }
    return Files.readString(file).strip();
  }

  /// The key in this file, made on first use.
  SoftwareKey key(String name) throws IOException {
    Path file = layout.key(name);
    if (!Files.exists(file)) {
      var fresh = SoftwareKey.generate(Scheme.ED25519, random);
      DemoLayout.writePrivate(file, KeyFile.format(fresh));
    }
    return KeyFile.parse(Files.readString(file));
  }

  /// The key of the gateway's assertions, made on first use.
  private void assertionKey() throws IOException {
    Path file = layout.key("assertion.key");
    if (!Files.exists(file)) {
      var fresh = SoftwareKey.generate(Scheme.ECDSA_P256, random);
      DemoLayout.writePrivate(file, KeyFile.format(fresh));
    }
  }

  void profile(String name, String token, List<String> more) throws IOException {
    String text =
        "server=http://127.0.0.1:%d\ntoken=%s\n%s"
            .formatted(
                ports.server(),
                token,
                more.stream().map(line -> line + "\n").collect(Collectors.joining()));
    DemoLayout.writePrivate(layout.profile(name), text);
  }

  private static String filled(String resource, Map<String, ?> values) throws IOException {
    String text = HelpdeskDatabase.resource(resource);
    for (var value : values.entrySet()) {
      text = text.replace("${" + value.getKey() + "}", String.valueOf(value.getValue()));
    }
    return text;
  }
}
