package org.openlockbox.check.caller;

import java.util.Set;
import java.util.regex.Pattern;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.tree.Hash;

/// A service or proxy that may ask, and about what.
///
/// @param name in records: 1 to 40 lower-case letters, digits and dashes
/// @param proof how it shows that it is this caller
/// @param kind by which interface it may ask
/// @param resources the only ones that it can ask about
/// @param tenants the only ones that it can ask about; none if it serves all of them
public record CheckCaller(
    String name,
    CallerProof proof,
    CallerKind kind,
    Set<ResourceId> resources,
    Set<TenantId> tenants) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");

  /// What a caller is. The secret of one is worth nothing at the other's interface: a service
  /// vouches for engineers, a proxy has to show their tokens.
  public enum CallerKind {
    SERVICE,
    PROXY
  }

  /// What the configuration knows of a caller's credential. Neither is a secret.
  public sealed interface CallerProof {
    /// SHA-256 of a random secret of at least 256 bits.
    record SecretHash(Hash sha256) implements CallerProof {}

    /// SHA-256 of the certificate with which it speaks TLS, as DER.
    record CertificateHash(Hash sha256) implements CallerProof {}
  }

  /// @throws IllegalArgumentException with what is wrong with it
  public CheckCaller {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a caller's name has lower-case letters, digits and dashes, not '" + name + "'");
    }
    resources = Set.copyOf(resources);
    tenants = Set.copyOf(tenants);
    if (resources.isEmpty()) {
      throw new IllegalArgumentException("the caller " + name + " may ask about no resource");
    }
  }

  /// Whether it is of this kind and may ask about this one.
  public boolean asksAs(CallerKind its, ResourceId resource) {
    return kind == its && resources.contains(resource);
  }

  /// Whether it may ask about this one's data.
  public boolean asksAbout(TenantId tenant) {
    return tenants.isEmpty() || tenants.contains(tenant);
  }
}
