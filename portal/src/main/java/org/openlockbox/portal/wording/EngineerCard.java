package org.openlockbox.portal.wording;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.FactSource;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.edge.PageContext;

/// Who asks, as labelled values beside a sentence and never inside one: what the requester's side
/// wrote cannot go on as words of ours. `sources` says whose word it is.
public record EngineerCard(
    String name,
    String id,
    String employer,
    String country,
    String kind,
    List<String> sources,
    Optional<String> responsible) {
  public EngineerCard {
    sources = List.copyOf(sources);
  }

  public static EngineerCard of(PageContext frame, RequestText told) {
    var engineer = told.submission().engineer();
    return new EngineerCard(
        told.engineer(),
        engineer.id().value(),
        employer(frame, engineer),
        country(frame, engineer),
        engineer.kind().map(Engineer.EngineerKind::word).orElse("unknown"),
        sources(frame, engineer),
        engineer.responsible().map(SubjectId::value));
  }

  static String employer(PageContext frame, Engineer engineer) {
    return engineer.employer().orElseGet(() -> frame.say("facts.employer.unknown"));
  }

  static String country(PageContext frame, Engineer engineer) {
    return engineer
        .country()
        .map(frame.words()::country)
        .orElseGet(() -> frame.say("facts.country.unknown"));
  }

  /// A sentence for each source of facts.
  private static List<String> sources(PageContext frame, Engineer engineer) {
    var bySource = new LinkedHashMap<FactSource, List<String>>();
    engineer
        .facts()
        .sources()
        .forEach(
            (fact, source) ->
                bySource
                    .computeIfAbsent(source, _ -> new ArrayList<>())
                    .add(frame.say("facts.fact." + fact.word())));
    return bySource.entrySet().stream()
        .map(one -> source(frame, one.getKey(), String.join(", ", one.getValue())))
        .toList();
  }

  private static String source(PageContext frame, FactSource source, String facts) {
    return switch (source) {
      case FactSource.DirectorySource _ -> frame.say("facts.source.directory", facts);
      case FactSource.IssuerSource(var name) -> frame.say("facts.source.issuer", facts, name);
    };
  }
}
