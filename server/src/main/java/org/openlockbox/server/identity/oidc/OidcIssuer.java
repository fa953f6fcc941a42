package org.openlockbox.server.identity.oidc;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.Role;

/// An OpenID Connect issuer, and whose people it vouches for: those of one tenant, or the
/// provider's. It can never vouch for anybody else's.
public record OidcIssuer(
    String name,
    URI url,
    Optional<TenantId> tenant,
    RegisteredClient client,
    MailDomains domains,
    ClaimRules claims,
    Optional<Path> ca) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");
  private static final Pattern DOMAIN = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)+");
  private static final URI GOOGLE = URI.create("https://accounts.google.com");

  /// What this server is at the issuer. `parameters` go along to its sign-in page.
  public record RegisteredClient(
      String id, Supplier<String> secret, List<String> scopes, Map<String, String> parameters) {
    public RegisteredClient {
      scopes = List.copyOf(scopes);
      parameters = Map.copyOf(parameters);
    }
  }

  /// The domains of the mail addresses that are sent there to sign in, and the only ones in which
  /// it can name somebody. `verified` says that its administrators alone set addresses, for issuers
  /// that do not send `email_verified`. With `mailedCodes` a code by mail is a way in as well.
  public record MailDomains(Set<String> names, boolean verified, boolean mailedCodes) {
    public MailDomains {
      names = Set.copyOf(names);
    }
  }

  /// What is made of the claims of an ID token. `required` must stand in each with exactly these
  /// values. Without `roles`, it signs in only people who were added here, with the roles they have
  /// here. With `facts` it says where the provider's people work, for whom, and who of them is an
  /// agent.
  public record ClaimRules(
      Map<String, String> required, Optional<Roles> roles, Optional<FactClaims> facts) {
    public ClaimRules {
      required = Map.copyOf(required);
    }
  }

  /// Which claim holds the groups or app roles, and what each is here. Several may give one role;
  /// those that are not named give none.
  public record Roles(String claim, Map<String, Role> byGroup) {
    public Roles {
      byGroup = Map.copyOf(byGroup);
    }
  }

  /// Which claims hold the country (ISO 3166, two letters) and the employer; and which values of
  /// which claim make somebody an agent, everybody else being human. What is not named here stays
  /// what the operators wrote down.
  public record FactClaims(
      Optional<String> country, Optional<String> employer, Optional<AgentClaim> agents) {}

  /// Who has one of these values in this claim is an agent.
  public record AgentClaim(String claim, Set<String> values) {
    public AgentClaim {
      values = Set.copyOf(values);
      if (values.isEmpty()) {
        throw new IllegalArgumentException("which values of the claim make an agent");
      }
    }
  }

  public OidcIssuer {
    require(NAME.matcher(name).matches(), "an issuer's name is lower-case: " + name);
    require(isSafe(url) && url.getQuery() == null, "an issuer is an https URL: " + url);
    require(
        !domains.names().isEmpty()
            && domains.names().stream().allMatch(d -> DOMAIN.matcher(d).matches()),
        name + ": the domains of its mail addresses, in lower case");
    require(client.scopes().contains("openid"), name + ": openid is one of the scopes");
    boolean ofTenant = tenant.isPresent();
    require(
        claims.roles().stream()
            .flatMap(some -> some.byGroup().values().stream())
            .allMatch(role -> role != Role.GATEWAY && role.isOfTenant() == ofTenant),
        name + ": a tenant's issuer gives a tenant's roles, the provider's gives the provider's");
    require(claims.facts().isEmpty() || !ofTenant, name + ": facts are of the provider's people");
    require(
        !url.equals(GOOGLE) || claims.required().containsKey("hd"),
        name
            + ": Google vouches for everybody; demand your own organisation: claims: {hd: domain}");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /// TLS, or this very machine.
  static boolean isSafe(URI url) {
    var host = String.valueOf(url.getHost());
    return "https".equals(url.getScheme())
        || ("http".equals(url.getScheme())
            && (host.equals("localhost") || host.equals("127.0.0.1")));
  }

  boolean isFor(MailAddress address) {
    var text = address.value();
    return domains.names().contains(text.substring(text.indexOf('@') + 1));
  }

  /// Whom people see that they are sent to.
  public String host() {
    return url.getHost();
  }

  @Override
  public String toString() {
    return "Issuer[%s, %s]".formatted(name, url);
  }
}
