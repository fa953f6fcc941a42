package org.openlockbox.server.identity.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.Engineer.Kind;
import org.openlockbox.core.access.EngineerFacts;
import org.openlockbox.core.access.EngineerFacts.Fact;
import org.openlockbox.server.identity.Person;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The facts of a person that an issuer claims in a verified ID token, by their word; of those that
/// its configuration names, what it says now, or nothing.
record IssuedFacts(Map<Fact, Optional<String>> said) {
  IssuedFacts {
    said = Map.copyOf(said);
  }

  static IssuedFacts of(Issuer issuer, JWTClaimsSet token) {
    var said = new TreeMap<Fact, Optional<String>>();
    issuer
        .facts()
        .ifPresent(
            claims -> {
              claims
                  .country()
                  .ifPresent(claim -> said.put(Fact.COUNTRY, country(token.getClaim(claim))));
              claims
                  .employer()
                  .ifPresent(claim -> said.put(Fact.EMPLOYER, employer(token.getClaim(claim))));
              claims.agents().ifPresent(agents -> said.put(Fact.KIND, kind(agents, token)));
            });
    return new IssuedFacts(said);
  }

  private static Optional<String> country(@Nullable Object claim) {
    try {
      EngineerFacts.requireCountry(String.valueOf(claim));
      return Optional.of(String.valueOf(claim));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> employer(@Nullable Object claim) {
    try {
      return Optional.ofNullable(claim)
          .filter(String.class::isInstance)
          .map(Object::toString)
          .map(
              text -> {
                EngineerFacts.requireEmployer(text);
                return text;
              });
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> kind(Issuer.AgentClaim agents, JWTClaimsSet token) {
    boolean agent =
        Claims.texts(token, agents.claim()).stream().anyMatch(agents.values()::contains);
    return Optional.of((agent ? Kind.AGENT : Kind.HUMAN).word());
  }

  /// Writes them into the directory as this issuer's word. What it said before and says no more is
  /// not known any longer; what the operators wrote down stays where it says nothing.
  void keep(JdbcClient jdbc, Issuer issuer, Person person) {
    if (said.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            update person
               set country = case when 'country' = any (:now::text[]) then :country
                                  when 'country' = any (:named::text[])
                                       and 'country' = any (facts_issued) then null
                                  else country end,
                   employer = case when 'employer' = any (:now::text[]) then :employer
                                   when 'employer' = any (:named::text[])
                                        and 'employer' = any (facts_issued) then null
                                   else employer end,
                   kind = coalesce(:kind, kind),
                   responsible = case when :kind = 'human' then null else responsible end,
                   facts_issuer = :issuer,
                   facts_issued = array(select unnest(facts_issued)
                                        except select unnest(:named::text[])
                                        union select unnest(:now::text[]))
             where id = :id
            """)
        .param("named", said.keySet().stream().map(Fact::word).toArray(String[]::new))
        .param(
            "now",
            said.entrySet().stream()
                .filter(one -> one.getValue().isPresent())
                .map(one -> one.getKey().word())
                .toArray(String[]::new))
        .param("country", word(Fact.COUNTRY))
        .param("employer", word(Fact.EMPLOYER))
        .param("kind", word(Fact.KIND))
        .param("issuer", issuer.name())
        .param("id", person.id())
        .update();
  }

  private @Nullable String word(Fact fact) {
    return said.getOrDefault(fact, Optional.empty()).orElse(null);
  }
}
