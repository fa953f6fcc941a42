package org.openlockbox.core.operation;

import java.util.EnumMap;
import java.util.Map;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.EngineerFacts;
import org.openlockbox.core.subject.EngineerFacts.EngineerFact;
import org.openlockbox.core.subject.FactSource;
import org.openlockbox.core.subject.SubjectId;

/// What is known of an engineer as members of an object: `country`, `employer`, `kind` and
/// `responsible`, each where it is known, and `sources`, which says of each of them and of the name
/// whose word it is.
public final class FactsJson {
  private FactsJson() {}

  public static EngineerFacts read(Fields fields) {
    return new EngineerFacts(
        fields.optionalText("country"),
        fields.optionalText("employer"),
        fields.optionalValue("kind", Engineer.EngineerKind::parse),
        fields.optionalValue("responsible", SubjectId::new),
        sources(fields.object("sources")));
  }

  /// Whose word each fact is.
  public static Map<EngineerFact, FactSource> sources(Fields fields) {
    return fields.whole(
        () -> {
          var sources = new EnumMap<EngineerFact, FactSource>(EngineerFact.class);
          for (var word : fields.names()) {
            sources.put(EngineerFact.parse(word), fields.value(word, FactSource::parse));
          }
          return sources;
        });
  }

  public static Json.Object sources(EngineerFacts facts) {
    var sources = Json.object();
    facts.sources().forEach((fact, source) -> sources.put(fact.word(), source.word()));
    return sources.build();
  }

  public static void put(JsonObjectBuilder json, EngineerFacts facts) {
    json.putIfPresent("country", facts.country())
        .putIfPresent("employer", facts.employer())
        .putIfPresent("kind", facts.kind().map(Engineer.EngineerKind::word))
        .putIfPresent("responsible", facts.responsible().map(SubjectId::value));
    json.put("sources", sources(facts));
  }

  /// In words that may be shown: employer, as quoted words, and country.
  public static String words(EngineerFacts facts) {
    return "employer %s, %s"
        .formatted(
            facts.employer().map(TextRules::quoted).orElse("not known"),
            facts.country().orElse("country not known"));
  }
}
