package org.openlockbox.portal.connect;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.passkey.Passkeys;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.provider.Resource;
import org.openlockbox.server.request.StoredRequest;

/// A service that an engineer can open from the page of an approved request: with a passkey that
/// the request names, at a gateway that lets browsers in.
///
/// @param terms what was granted
/// @param passkeys the one that signs the login
public record BrowserConnect(
    StoredRequest stored, Resource resource, GrantTerms terms, Passkeys passkeys) {
  private static final String READING = "GET";

  /// How this person opens what was approved; empty if they cannot open it so, now.
  ///
  /// @param approve the origin on which passkeys sign
  public static Optional<BrowserConnect> of(
      StoredRequest stored,
      SubjectId person,
      Provider provider,
      Optional<String> approve,
      Instant now) {
    var submission = stored.submission();
    var passkeys = Passkeys.of(List.of(submission.engineer().key()), approve);
    return !submission.engineer().id().equals(person) || passkeys.isEmpty()
        ? Optional.empty()
        : provider
            .resource(submission.terms().resource())
            .flatMap(
                resource ->
                    granted(stored, now)
                        .filter(terms -> hasPages(resource, stored, terms))
                        .map(terms -> new BrowserConnect(stored, resource, terms, passkeys)));
  }

  private static Optional<GrantTerms> granted(StoredRequest stored, Instant now) {
    return stored.request() instanceof AccessRequest.Approved approved
            && approved.grant().at(now) instanceof Grant.Active(GrantTerms terms)
            && terms.window().contains(now)
        ? Optional.of(terms)
        : Optional.empty();
  }

  /// Pages pass from the level read on, and an application that is its own gateway lists no routes.
  private static boolean hasPages(Resource resource, StoredRequest stored, GrantTerms terms) {
    return resource.assurance() == Assurance.GATED
        && terms.level().isWiderThan(Level.MASKED)
        && resource.routes().stream()
            .flatMap(all -> all.of(stored.tenant(), terms.level()).stream())
            .anyMatch(route -> route.method().equals(READING));
  }

  /// Where the gateway lets browsers in; the page there wants the token behind `#`.
  String door() {
    var gateway = resource.gateway();
    String host = gateway.host().contains(":") ? "[" + gateway.host() + "]" : gateway.host();
    return "https://%s:%d/_lockbox/open".formatted(host, gateway.port());
  }
}
