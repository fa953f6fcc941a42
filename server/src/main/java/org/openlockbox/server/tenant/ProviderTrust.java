package org.openlockbox.server.tenant;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.keyring.AuthorityChange;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayRevocation;
import org.openlockbox.core.keyring.GatewayTrust;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.server.tenant.GatewayStatements.AllStatements;
import org.openlockbox.server.tenant.GatewayStatements.NumberedStatement;

/// Which gateways a server trusts at a certain time, whatever single tenants objected to.
///
/// `trust` is what the database says. `lost` names the authority that a change had put in force
/// which the database has lost, as after a restore. While there is one, its signature is needed
/// beside that of the authority in force. It counts until a change that was taken later is in
/// force.
public record ProviderTrust(GatewayTrust trust, Optional<GatewayTrust> lost) {
  /// What the database says, and the changes that made it so.
  record Accepted(GatewayTrust trust, List<NumberedStatement> changes) {
    Accepted {
      changes = List.copyOf(changes);
    }
  }

  /// Rows are believed as far as the configured authority signed them, but for revocations and lost
  /// changes, which can only refuse.
  static ProviderTrust of(GatewayTrust configured, AllStatements all, Instant at) {
    var accepted = accepted(configured, all.taken());
    var trust = accepted.trust;
    var settled = inForce(accepted.changes, at).map(NumberedStatement::at).orElse(Instant.MIN);
    var counted =
        all.lost().stream()
            .filter(each -> each.at().isAfter(settled))
            .sorted(Comparator.comparing(NumberedStatement::at))
            .toList();
    var lost =
        inForce(counted, at)
            .map(
                each ->
                    new GatewayTrust(
                        trust.logHost(),
                        change(each).authority(),
                        Optional.empty(),
                        trust.revoked()));
    return new ProviderTrust(trust, lost);
  }

  static Accepted accepted(GatewayTrust configured, List<NumberedStatement> taken) {
    var trust = configured;
    var changes = new ArrayList<NumberedStatement>();
    for (var signed : taken) {
      var envelope = signed.event().envelope();
      if (signed.event() instanceof KeyringEvent.GatewayRevoked) {
        trust = trust.after(GatewayRevocation.parse(envelope));
      } else if (trust.fault(envelope, change(signed), signed.at()).isEmpty()) {
        trust = trust.after(change(signed), signed.at(), envelope.payload().sha256());
        changes.add(signed);
      }
    }
    return new Accepted(trust, changes);
  }

  /// The last of these changes that is in force at this time. One that had not taken effect when
  /// the next one came never does.
  private static Optional<NumberedStatement> inForce(List<NumberedStatement> changes, Instant at) {
    Optional<NumberedStatement> inForce = Optional.empty();
    for (int i = 0; i < changes.size(); i++) {
      var until = i + 1 < changes.size() ? changes.get(i + 1).at() : at;
      if (!change(changes.get(i)).takesEffect().isAfter(until)) {
        inForce = Optional.of(changes.get(i));
      }
    }
    return inForce;
  }

  private static AuthorityChange change(NumberedStatement signed) {
    return AuthorityChange.parse(signed.event().envelope());
  }

  /// Why this is no certificate in force at this time, whatever it is for; empty if it is one.
  public Optional<String> misfit(Envelope envelope, GatewayCertificate certificate, Instant at) {
    return trust
        .misfit(envelope, certificate, at)
        .or(() -> lost.flatMap(it -> it.misfit(envelope, certificate, at)));
  }

  /// Why this revocation cannot be taken at this time; empty if it can.
  public Optional<String> fault(Envelope envelope, GatewayRevocation revocation, Instant at) {
    return trust
        .fault(envelope, revocation, at)
        .or(
            () ->
                lost.flatMap(it -> it.fault(envelope, revocation, at))
                    .map(_ -> "the revocation lacks the signature of the authority that was lost"));
  }
}
