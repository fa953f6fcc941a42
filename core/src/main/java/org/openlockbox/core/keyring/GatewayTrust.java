package org.openlockbox.core.keyring;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SignatureCheck;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.tenant.LogHost;
import org.openlockbox.tlog.tree.Hash;

/// Which gateways may open sessions, after some entries of a tenant's log: the gateway authority,
/// the one that is to follow it, and the keys that were revoked. Immutable.
///
/// Which authority is in force depends on the time of the entry that is looked at alone, so that a
/// reader of some entries and a reader of all find the same.
public record GatewayTrust(
    LogHost logHost, VerifyingKey authority, Optional<NextAuthority> next, Set<KeyId> revoked) {
  /// The authority that follows at a certain time, and SHA-256 of the entry that says so.
  public record NextAuthority(VerifyingKey authority, Instant takesEffect, Hash entry) {}

  public GatewayTrust {
    revoked = Set.copyOf(revoked);
    requireDirect(authority, "gateway authority");
  }

  /// Only this authority, and no key revoked.
  public static GatewayTrust of(LogHost logHost, VerifyingKey authority) {
    return new GatewayTrust(logHost, authority, Optional.empty(), Set.of());
  }

  /// What a log begins with.
  static GatewayTrust of(Genesis genesis) {
    return of(genesis.origin().host(), genesis.gatewayAuthority());
  }

  /// The authority in force at this time.
  public VerifyingKey authority(Instant at) {
    return next.filter(it -> !at.isBefore(it.takesEffect))
        .map(NextAuthority::authority)
        .orElse(authority);
  }

  /// The keys of the authorities: the one in force and the one that follows.
  public List<VerifyingKey> authorities() {
    return next.map(it -> List.of(authority, it.authority)).orElseGet(() -> List.of(authority));
  }

  /// Why a session may not be opened at this time with this certificate by this gateway on this
  /// resource; empty if it may. Throws [MalformedJson] if the envelope holds no certificate.
  public Optional<String> misfit(
      Envelope envelope, GatewayId gateway, ResourceId resource, Instant at) {
    var certificate = GatewayCertificate.parse(envelope);
    if (!certificate.gateway().equals(gateway)) {
      return Optional.of("the certificate is another gateway's");
    }
    if (!certificate.resources().contains(resource)) {
      return Optional.of("the gateway's certificate does not name this resource");
    }
    return misfit(envelope, certificate, at);
  }

  /// Why this is no certificate in force at this time, whatever it is for; empty if it is one.
  public Optional<String> misfit(Envelope envelope, GatewayCertificate certificate, Instant at) {
    if (!certificate.logHost().equals(logHost)) {
      return Optional.of("the gateway's certificate is for another log host");
    }
    if (!certificate.validity().contains(at)) {
      return Optional.of("the gateway's certificate is not valid at this time");
    }
    if (revoked.contains(certificate.key().keyId())) {
      return Optional.of("the gateway's key was revoked");
    }
    return isSigned(envelope, authority(at))
        ? Optional.empty()
        : Optional.of("the certificate is not signed by the gateway authority");
  }

  /// Why this revocation cannot stand in an entry of this time; empty if it can.
  public Optional<String> fault(Envelope envelope, GatewayRevocation revocation, Instant at) {
    if (!revocation.logHost().equals(logHost)) {
      return Optional.of("the revocation is for another log host");
    }
    return isSigned(envelope, authority(at))
        ? Optional.empty()
        : Optional.of("the revocation is not signed by the gateway authority");
  }

  /// Without the key that this ends. A second revocation of a key changes nothing.
  public GatewayTrust after(GatewayRevocation revocation) {
    var all = new HashSet<>(revoked);
    all.add(revocation.key());
    return new GatewayTrust(logHost, authority, next, all);
  }

  /// Why this change cannot stand in an entry of this time; empty if it can.
  public Optional<String> fault(Envelope envelope, AuthorityChange change, Instant at) {
    var old = authority(at);
    if (!change.logHost().equals(logHost)) {
      return Optional.of("the change is for another log host");
    }
    if (!change.prev().equals(old.keyId()) || change.authority().keyId().equals(old.keyId())) {
      return Optional.of("the change does not follow the authority in force");
    }
    if (!isSigned(envelope, old) || !isSigned(envelope, change.authority())) {
      return Optional.of("the change is not signed by the old and by the new authority");
    }
    return change.takesEffect().isBefore(at.plus(AuthorityChange.SHORTEST))
            || change.takesEffect().isAfter(at.plus(AuthorityChange.LONGEST))
        ? Optional.of("the change takes effect 72 hours to 30 days after its entry")
        : Optional.empty();
  }

  /// With the authority that this names to follow, in place of any other that was to follow.
  public GatewayTrust after(AuthorityChange change, Instant at, Hash entry) {
    var following = new NextAuthority(change.authority(), change.takesEffect(), entry);
    return new GatewayTrust(logHost, authority(at), Optional.of(following), revoked);
  }

  /// Why nobody can object at this time to the change in the entry with this SHA-256.
  Optional<String> fault(Hash objectTo, Instant at) {
    return next.filter(it -> it.entry.equals(objectTo) && at.isBefore(it.takesEffect)).isPresent()
        ? Optional.empty()
        : Optional.of("there is no such change of the gateway authority to object to, or no more");
  }

  /// As before the change that is objected to: the old authority stays.
  GatewayTrust objected() {
    return new GatewayTrust(logHost, authority, Optional.empty(), revoked);
  }

  /// Signatures by other keys are ignored: a certificate may be signed for two authorities.
  private static boolean isSigned(Envelope envelope, VerifyingKey authority) {
    return !SignatureCheck.valid(List.of(authority), envelope).isEmpty();
  }

  static void requireDirect(VerifyingKey key, String what) {
    if (key.scheme() != Scheme.ED25519 && key.scheme() != Scheme.ECDSA_P256) {
      throw new MalformedJson("%s: signs directly, not by %s".formatted(what, key.scheme()));
    }
  }
}
