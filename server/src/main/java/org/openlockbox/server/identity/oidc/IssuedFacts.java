package org.openlockbox.server.identity.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.subject.Engineer.EngineerKind;
import org.openlockbox.core.subject.EngineerFacts;
import org.openlockbox.core.subject.EngineerFacts.EngineerFact;
import org.openlockbox.server.identity.Person;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The facts of a person that an issuer claims in a verified ID token, by their word; of those that
/// its configuration names, what it says now, or nothing.
///
/// @param unfit those that it says in a form that may not stand in an entry: they count as not
///   said, and the operator is told
record IssuedFacts(Map<EngineerFact, Optional<String>> said, Set<EngineerFact> unfit) {
  private static final Logger LOG = LoggerFactory.getLogger(IssuedFacts.class);

  IssuedFacts {
    said = Map.copyOf(said);
    unfit = Set.copyOf(unfit);
  }

  static IssuedFacts of(OidcIssuer issuer, JWTClaimsSet token) {
    var said = new TreeMap<EngineerFact, Optional<String>>();
    var unfit = EnumSet.noneOf(EngineerFact.class);
    issuer
        .claims()
        .facts()
        .ifPresent(
            claims -> {
              claims
                  .country()
                  .map(token::getClaim)
                  .ifPresent(
                      claim ->
                          take(
                              EngineerFact.COUNTRY,
                              claim,
                              EngineerFacts::requireCountry,
                              said,
                              unfit));
              claims
                  .employer()
                  .map(token::getClaim)
                  .ifPresent(
                      claim ->
                          take(
                              EngineerFact.EMPLOYER,
                              claim,
                              EngineerFacts::requireEmployer,
                              said,
                              unfit));
              claims
                  .country()
                  .ifPresent(_ -> said.putIfAbsent(EngineerFact.COUNTRY, Optional.empty()));
              claims
                  .employer()
                  .ifPresent(_ -> said.putIfAbsent(EngineerFact.EMPLOYER, Optional.empty()));
              claims.agents().ifPresent(agents -> said.put(EngineerFact.KIND, kind(agents, token)));
            });
    return new IssuedFacts(said, unfit);
  }

  /// A claim that is there, if it is a text of the form that is required.
  private static void take(
      EngineerFact fact,
      Object claim,
      Consumer<String> require,
      Map<EngineerFact, Optional<String>> said,
      Set<EngineerFact> unfit) {
    try {
      if (claim instanceof String text) {
        require.accept(text);
        said.put(fact, Optional.of(text));
      } else {
        unfit.add(fact);
      }
    } catch (IllegalArgumentException e) {
      unfit.add(fact);
    }
  }

  private static Optional<String> kind(OidcIssuer.AgentClaim agents, JWTClaimsSet token) {
    boolean agent =
        Claims.texts(token, agents.claim()).stream().anyMatch(agents.values()::contains);
    return Optional.of((agent ? EngineerKind.AGENT : EngineerKind.HUMAN).word());
  }

  /// Writes them into the directory as this issuer's word. What it said before and says no more is
  /// not known any longer; what the operators wrote down stays where it says nothing.
  void keep(JdbcClient jdbc, OidcIssuer issuer, Person person) {
    warnOfUnfit(issuer, person);
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
        .param("named", said.keySet().stream().map(EngineerFact::word).toArray(String[]::new))
        .param(
            "now",
            said.entrySet().stream()
                .filter(one -> one.getValue().isPresent())
                .map(one -> one.getKey().word())
                .toArray(String[]::new))
        .param("country", word(EngineerFact.COUNTRY))
        .param("employer", word(EngineerFact.EMPLOYER))
        .param("kind", word(EngineerFact.KIND))
        .param("issuer", issuer.name())
        .param("id", person.id())
        .update();
  }

  private void warnOfUnfit(OidcIssuer issuer, Person person) {
    unfit.forEach(
        fact ->
            LOG.warn(
                "the issuer {} claims {} of {} that cannot stand in a request: it counts as not"
                    + " known",
                issuer.name(),
                fact == EngineerFact.EMPLOYER ? "an employer" : "a country",
                person.subject()));
  }

  private @Nullable String word(EngineerFact fact) {
    return said.getOrDefault(fact, Optional.empty()).orElse(null);
  }
}
