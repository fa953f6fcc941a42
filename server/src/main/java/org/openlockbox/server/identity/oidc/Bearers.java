package org.openlockbox.server.identity.oidc;

import java.util.Optional;
import org.openlockbox.server.identity.Caller;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Secret;
import org.openlockbox.server.identity.Tokens;
import org.openlockbox.server.identity.Visits;

/// Who calls, by the bearer secret of the call: a token that an operator issued, or the visit of a
/// command line that signed in at an issuer. A browser's cookie is no bearer secret, and cannot be
/// made one.
public final class Bearers {
  static final String VISIT = "lbv_";

  private final Tokens tokens;
  private final Visits visits;

  public Bearers(Tokens tokens, Visits visits) {
    this.tokens = tokens;
    this.visits = visits;
  }

  /// Who holds this now.
  public Optional<Caller> caller(String bearer) {
    return bearer.startsWith(VISIT)
        ? visit(bearer).flatMap(visits::find).map(visit -> caller(visit.person()))
        : tokens.caller(bearer);
  }

  /// Signs a command line out; false if this is no visit of one.
  public boolean end(String bearer) {
    var visit = bearer.startsWith(VISIT) ? visit(bearer) : Optional.<Secret>empty();
    visit.ifPresent(visits::end);
    return visit.isPresent();
  }

  private static Optional<Secret> visit(String bearer) {
    return Secret.parse(bearer.substring(VISIT.length())).map(Secret::forCalls);
  }

  private static Caller caller(Person person) {
    return new Caller(person.subject(), person.name(), person.roles(), person.tenant());
  }
}
