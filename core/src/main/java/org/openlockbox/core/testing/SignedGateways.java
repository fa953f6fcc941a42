package org.openlockbox.core.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.keyring.AuthorityChange;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayRevocation;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.LogHost;

/// What the gateway authority of a [TenantFixture] signs; its key is the one named `authority`.
public record SignedGateways(TenantFixture acme) {
  /// How long [#certificate] is valid from when it is made; it began as long before.
  public static final Duration VALID = Duration.ofDays(90);

  /// The certificate of the fixture's gateway.
  public Envelope certificate() {
    return certificate("gateway");
  }

  /// A certificate of the fixture's gateway for the key with this name.
  public Envelope certificate(String key) {
    return unsigned(key).unsigned().signedBy(acme.key("authority"));
  }

  /// The same, to be changed and signed.
  public GatewayCertificate unsigned(String key) {
    var now = acme.clock().instant();
    return new GatewayCertificate(
        TenantFixture.GATEWAY,
        acme.key(key).key(),
        host(),
        List.of(TenantFixture.HELPDESK),
        new Window(now.minus(VALID), now.plus(VALID)));
  }

  public LogHost host() {
    return acme.log().origin().host();
  }

  /// The revocation of the gateway's key with this name, to be signed.
  public GatewayRevocation revocation(String key) {
    return new GatewayRevocation(
        TenantFixture.GATEWAY, acme.key(key).key().keyId(), host(), "its host was lost");
  }

  /// Logs a revocation of the gateway's key with this name.
  public LogEntry revoke(String key) {
    var envelope = revocation(key).unsigned().signedBy(acme.key("authority"));
    return acme.log().append(new KeyringEvent.GatewayRevoked(envelope));
  }

  /// A change of the authority from the key of one name to that of another, to be signed.
  public AuthorityChange change(String from, String to, Instant takesEffect) {
    return new AuthorityChange(
        acme.key(to).key(), host(), acme.key(from).key().keyId(), takesEffect);
  }

  /// Logs a change of the authority, signed by both, that takes effect in so long.
  public LogEntry change(String from, String to, Duration in) {
    var change = change(from, to, acme.clock().instant().plus(in));
    var envelope = change.unsigned().signedBy(acme.key(from)).signedBy(acme.key(to));
    return acme.log().append(new KeyringEvent.AuthorityChanged(envelope));
  }
}
