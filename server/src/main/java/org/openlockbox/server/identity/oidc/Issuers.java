package org.openlockbox.server.identity.oidc;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.MailAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All issuers that this server knows. One a side at most, so that whose an issuer is is never in
/// doubt.
public final class Issuers {
  private static final Logger LOG = LoggerFactory.getLogger(Issuers.class);

  private final Map<String, IssuerClient> byName;

  public Issuers(List<OidcIssuer> issuers, InstantSource clock) {
    requireApart(issuers, OidcIssuer::name, "two issuers have one name");
    requireApart(issuers, OidcIssuer::tenant, "two issuers are for one side");
    var domains = issuers.stream().flatMap(one -> one.domains().names().stream()).toList();
    if (domains.stream().distinct().count() < domains.size()) {
      throw new IllegalArgumentException("two issuers are for one domain of mail addresses");
    }
    byName =
        issuers.stream()
            .collect(Collectors.toMap(OidcIssuer::name, issuer -> new IssuerClient(issuer, clock)));
  }

  /// Asks an issuer what it says of itself.
  ///
  /// @throws IOException if it does not answer, or says nothing usable
  public static void ask(OidcIssuer issuer, InstantSource clock) throws IOException {
    var _ = new IssuerClient(issuer, clock).metadata();
  }

  public Set<String> names() {
    return byName.keySet();
  }

  /// Asks each whether it answers at all, so that one that does not is known before somebody wants
  /// to sign in there.
  public void look() {
    for (var client : byName.values()) {
      try {
        client.look();
      } catch (IOException e) {
        LOG.debug("the issuer {} does not answer: {}", client.issuer().name(), e.getMessage());
      }
    }
  }

  /// For how long this one has answered no question; zero if it answered the last one.
  public Duration silence(String name) {
    return named(name).map(IssuerClient::silence).orElse(Duration.ZERO);
  }

  private static void requireApart(
      List<OidcIssuer> issuers, Function<OidcIssuer, Object> by, String otherwise) {
    if (issuers.stream().map(by).distinct().count() < issuers.size()) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  Optional<IssuerClient> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// Where somebody with this address signs in.
  public Optional<OidcIssuer> of(MailAddress address) {
    return all().filter(issuer -> issuer.isFor(address)).findFirst();
  }

  /// The issuer of this side's people.
  public Optional<OidcIssuer> of(Optional<TenantId> tenant) {
    return all().filter(issuer -> issuer.tenant().equals(tenant)).findFirst();
  }

  /// Whether people of this side may sign in by a mailed code.
  public boolean letCodesIn(Optional<TenantId> tenant) {
    return of(tenant).map(issuer -> issuer.domains().mailedCodes()).orElse(true);
  }

  private Stream<OidcIssuer> all() {
    return byName.values().stream().map(IssuerClient::issuer);
  }
}
