package org.openlockbox.server.identity.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.Role;

/// What an issuer vouches for in a verified ID token: who it is (`sub`, never reassigned), and, as
/// its configuration lets it say so, a mail address, a name and roles. `groups` are what these
/// roles come from, as it names them.
record Claims(
    String subject,
    Optional<MailAddress> address,
    Optional<String> name,
    Optional<Set<Role>> roles,
    List<String> groups,
    IssuedFacts facts) {
  private static final int LONGEST_NAME = 100;

  Claims {
    groups = List.copyOf(groups);
  }

  static Claims of(OidcIssuer issuer, JWTClaimsSet token) {
    return new Claims(
        token.getSubject(),
        address(issuer, token),
        Optional.ofNullable(token.getClaim("name"))
            .map(Object::toString)
            .map(name -> TextRules.visible(name).strip())
            .filter(name -> !name.isEmpty() && name.length() <= LONGEST_NAME)
            .filter(TextRules::allowsLine),
        issuer.claims().roles().map(roles -> roles(roles, token)),
        issuer.claims().roles().map(roles -> groups(roles, token)).orElse(List.of()),
        IssuedFacts.of(issuer, token));
  }

  /// An address that is not verified is none: people choose those themselves.
  private static Optional<MailAddress> address(OidcIssuer issuer, JWTClaimsSet token) {
    boolean verified =
        issuer.domains().verified() || Boolean.TRUE.equals(token.getClaim("email_verified"));
    if (!verified || !(token.getClaim("email") instanceof String text)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new MailAddress(text)).filter(issuer::isFor);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Set<Role> roles(OidcIssuer.Roles roles, JWTClaimsSet token) {
    return groups(roles, token).stream()
        .flatMap(group -> Optional.ofNullable(roles.byGroup().get(group)).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<String> groups(OidcIssuer.Roles roles, JWTClaimsSet token) {
    return texts(token, roles.claim());
  }

  /// The texts of a claim that holds one or several.
  static List<String> texts(JWTClaimsSet token, String name) {
    var claim = token.getClaim(name);
    return claim instanceof Collection<?> several
        ? several.stream().filter(String.class::isInstance).map(Object::toString).toList()
        : claim instanceof String one ? List.of(one) : List.of();
  }
}
