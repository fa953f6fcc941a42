package org.openlockbox.core.bundle;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.keyring.AuthorityChange;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayRevocation;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.session.SessionChain;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.SignedGateways;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.tlog.tree.Hash;

/// One log with an approved request.
final class GatewayCase {
  final SettableClock clock = new SettableClock();
  final TenantFixture acme = new TenantFixture("acme", 2, clock);
  final SignedGateways gateways = new SignedGateways(acme);
  Optional<RequestEntry> asked = Optional.empty();

  void approved() {
    var request = acme.ask(2);
    acme.approve(request, "ann");
    acme.approve(request, "bob");
    asked = Optional.of(request);
  }

  GatewayCertificate certificate() {
    return gateways.unsigned("gateway");
  }

  Envelope signed(GatewayCertificate certificate) {
    return certificate.unsigned().signedBy(acme.key("authority"));
  }

  SessionId open() {
    return open(gateways.certificate(), "gateway");
  }

  SessionId open(Envelope certificate, String key) {
    if (asked.isEmpty()) {
      approved();
    }
    var session = acme.session();
    var plain = acme.opened(asked.orElseThrow(), session);
    var opened =
        new SessionEvent.Opened(
            session,
            plain.about(),
            plain.engineer(),
            plain.resource(),
            Protocol.POSTGRESQL,
            plain.level(),
            plain.connect(),
            certificate,
            plain.catalogue(),
            plain.clientAddress(),
            plain.clientApplication(),
            plain.expires());
    acme.log().append(opened, acme.stamp(opened, acme.key(key)));
    return session;
  }

  void close(SessionId session, String key) {
    var closed =
        new SessionEvent.Closed(session, "ended", 0, 0, 0, SessionChain.of(session).head(), true);
    acme.log().append(closed, acme.stamp(closed, acme.key(key)));
  }

  void revoke(GatewayRevocation revocation, String signer) {
    var envelope = revocation.unsigned().signedBy(acme.key(signer));
    acme.log().append(new KeyringEvent.GatewayRevoked(envelope));
  }

  Hash change(AuthorityChange change, String... signers) {
    var envelope = change.unsigned();
    for (var signer : signers) {
      envelope = envelope.signedBy(acme.key(signer));
    }
    return acme.log().append(new KeyringEvent.AuthorityChanged(envelope)).bytes().sha256();
  }

  /// A change from the authority to `next`, signed by both.
  Hash change(Duration in) {
    return change(gateways.change("authority", "next", in(in)), "authority", "next");
  }

  Instant in(Duration time) {
    return clock.instant().plus(time);
  }

  Envelope by(String authority) {
    return certificate().unsigned().signedBy(acme.key(authority));
  }

  void object(Hash to, String... approvers) {
    var payload =
        new KeyringChange(
            acme.tenant(), acme.log().origin(), acme.pin(), 2, new Edit.ObjectToAuthority(to));
    var envelope = Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, payload.toJson());
    for (var approver : approvers) {
      envelope = envelope.signedBy(acme.key(approver));
    }
    acme.log().append(KeyringEvent.of(envelope));
  }
}
