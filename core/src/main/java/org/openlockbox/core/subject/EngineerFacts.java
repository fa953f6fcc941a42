package org.openlockbox.core.subject;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.EnumWords;
import org.openlockbox.core.subject.Engineer.EngineerKind;

/// What the provider says of one of its people, and for each fact whose word it is. What is not
/// known is not there. An agent, and nobody else, has a responsible person.
public record EngineerFacts(
    Optional<String> country,
    Optional<String> employer,
    Optional<EngineerKind> kind,
    Optional<SubjectId> responsible,
    Map<EngineerFact, FactSource> sources) {
  private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");

  /// What can be known.
  public enum EngineerFact {
    NAME("name"),
    COUNTRY("country"),
    EMPLOYER("employer"),
    KIND("kind"),
    RESPONSIBLE("responsible");

    private final String word;

    EngineerFact(String word) {
      this.word = word;
    }

    public static EngineerFact parse(String word) {
      return EnumWords.parse(values(), EngineerFact::word, word, "fact of an engineer");
    }

    public String word() {
      return word;
    }
  }

  public EngineerFacts {
    country.ifPresent(EngineerFacts::requireCountry);
    employer.ifPresent(name -> PlainName.require("employer", name));
    if (kind.filter(EngineerKind.AGENT::equals).isPresent() != responsible.isPresent()) {
      throw new IllegalArgumentException("an agent, and nobody else, has a responsible person");
    }
    var named = new EnumMap<EngineerFact, FactSource>(EngineerFact.class);
    named.putAll(sources);
    if (!named.keySet().equals(known(country, employer, kind, responsible))) {
      throw new IllegalArgumentException("each fact has a source, and nothing else: " + sources);
    }
    sources = Collections.unmodifiableMap(named);
  }

  private static Set<EngineerFact> known(
      Optional<String> country,
      Optional<String> employer,
      Optional<EngineerKind> kind,
      Optional<SubjectId> responsible) {
    var known = EnumSet.of(EngineerFact.NAME);
    country.ifPresent(_ -> known.add(EngineerFact.COUNTRY));
    employer.ifPresent(_ -> known.add(EngineerFact.EMPLOYER));
    kind.ifPresent(_ -> known.add(EngineerFact.KIND));
    responsible.ifPresent(_ -> known.add(EngineerFact.RESPONSIBLE));
    return known;
  }

  /// Throws where it is not two capital letters.
  public static void requireCountry(String country) {
    if (!COUNTRY.matcher(country).matches()) {
      throw new IllegalArgumentException("country is two capital letters (ISO 3166): " + country);
    }
  }

  /// Throws where it is not written in the alphabet of names.
  public static void requireEmployer(String employer) {
    PlainName.require("employer", employer);
  }

  /// All of them from one source.
  public static EngineerFacts of(
      FactSource source,
      Optional<String> country,
      Optional<String> employer,
      Optional<EngineerKind> kind,
      Optional<SubjectId> responsible) {
    var sources = new EnumMap<EngineerFact, FactSource>(EngineerFact.class);
    known(country, employer, kind, responsible).forEach(fact -> sources.put(fact, source));
    return new EngineerFacts(country, employer, kind, responsible, sources);
  }

  /// Nothing but a name is known.
  public static EngineerFacts unknown() {
    return of(
        FactSource.DIRECTORY,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// A person who sits in this country and works for this employer, as the directory says.
  public static EngineerFacts human(String country, String employer) {
    return of(
        FactSource.DIRECTORY,
        Optional.of(country),
        Optional.of(employer),
        Optional.of(EngineerKind.HUMAN),
        Optional.empty());
  }
}
