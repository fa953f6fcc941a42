package org.openlockbox.node.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.tenant.LogHost;
import org.openlockbox.node.service.ServerSettings;
import org.openlockbox.tlog.SigningKeys;

/// The keys that a server's host makes: those of its log, of the gateway authority, and of the
/// first gateway with its certificate. What is there already stays: a second log key would be the
/// end of the first.
final class HostKeys {
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);
  private static final Duration LIFE = Duration.ofDays(365);

  private final HostPlan plan;
  private final HostFiles files;
  private final InstantSource clock;
  private final SecureRandom random;

  HostKeys(HostPlan plan, HostFiles files, InstantSource clock, SecureRandom random) {
    this.plan = plan;
    this.files = files;
    this.clock = clock;
    this.random = random;
  }

  void make() {
    plan.server().ifPresent(server -> make(server.logHost()));
  }

  private void make(LogHost logHost) {
    var layout = plan.layout();
    files.secret(layout.logKey(), () -> SigningKeys.generate(random).format());
    var authority = key(layout.authorityKey());
    files.open(layout.authorityPublic(), () -> KeyFile.format(authority.key()));
    if (!layout.isHandedOver()) {
      var gateway = key(layout.gatewayKey());
      files.secret(layout.gatewayCertificate(), () -> certificate(gateway, authority, logHost));
    }
  }

  /// The key of this file, which is made if need be.
  private SoftwareKey key(Path file) {
    if (!Files.exists(file)) {
      var made = SoftwareKey.generate(Scheme.ED25519, random);
      files.secret(file, () -> KeyFile.format(made));
    }
    return KeyFile.parse(ServerSettings.text(file));
  }

  private String certificate(SoftwareKey gateway, SoftwareKey authority, LogHost logHost) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var made =
        new GatewayCertificate(
            new GatewayId(HostLayout.GATEWAY),
            gateway.key(),
            logHost,
            List.of(plan.resource()),
            new Window(now.minus(CLOCKS_DIFFER), now.plus(LIFE)));
    return CanonicalJson.text(made.unsigned().signedBy(authority).toJson()) + "\n";
  }
}
