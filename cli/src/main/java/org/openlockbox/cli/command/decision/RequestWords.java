package org.openlockbox.cli.command.decision;

import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.cli.command.Durations;
import org.openlockbox.cli.signing.ShownRequest;
import org.openlockbox.cli.terminal.FieldList;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.canonical.LookAlikes;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.FactSource;

/// A request in plain words, told from the parsed bytes of its entry and from what will be signed;
/// nothing here comes from the server's words, but a reason or name that is not proven.
final class RequestWords {
  private final InstantSource clock;

  RequestWords(InstantSource clock) {
    this.clock = clock;
  }

  /// Who asks for what.
  FieldList request(ShownRequest shown) {
    Submission submission = shown.submission();
    Engineer engineer = submission.engineer();
    FieldList facts = new FieldList();
    facts
        .add("request", submission.id() + " to " + submission.tenant())
        .add("engineer", engineer.id() + agent(engineer))
        .add("name", told(shown.name()))
        .add("employer", engineer.employer().map(TextRules::quoted).orElse("not known"))
        .add("country", engineer.country().orElse("not known"))
        .add("said by", sources(engineer))
        .add("purpose", words(submission.purpose()))
        .add("ticket", submission.ticket())
        .add("reason", told(shown.reason()))
        .add("attention", lookAlikes(shown))
        .add("extends", submission.extended().map(Object::toString).orElse(""));
    int n = 0;
    for (ShownRequest.ShownText statement : shown.statements()) {
      facts.add("statement " + ++n, TextRules.quoted(statement.text()));
    }
    return facts;
  }

  /// What the signature will allow, beside what was asked where that is more.
  FieldList allowance(FieldList facts, Submission submission, Allowance allowed) {
    String level = words(allowed.level());
    if (allowed.level() != submission.terms().level()) {
      level += " (asked: " + submission.terms().level().word() + ")";
    }
    Instant end = allowed.window().notAfter();
    facts.add("what", submission.terms().resource() + ", " + level);
    var assurance = submission.assurance();
    facts.add("assurance", assurance.word() + ": " + assurance.promise());
    if (allowed.limits().tables().isAll()) {
      facts.add("scope", "all that the catalogue lists");
    }
    if (allowed.limits().rowBudget().isUnlimited()) {
      facts.add("rows", "no limit");
    }
    allowed.limits().words().forEach((limit, words) -> facts.add(limit.label(), words));
    return facts
        .add("from", allowed.window().notBefore().toString())
        .add("until", end + " (" + Durations.relative(end, clock.instant()) + ")")
        .add("for", Durations.words(allowed.duration()) + asked(submission, allowed));
  }

  private static String asked(Submission submission, Allowance allowed) {
    return allowed.duration().equals(submission.terms().duration())
        ? ""
        : " (asked: " + Durations.words(submission.terms().duration()) + ")";
  }

  private static String told(ShownRequest.ShownText told) {
    if (told.text().isEmpty()) {
      return "";
    }
    String quoted = TextRules.quoted(told.text());
    return told.proven()
        ? quoted
        : quoted + "  (the server's word: the log holds only a commitment to it)";
  }

  /// What to say about words that mix alphabets, which a terminal cannot mark.
  private static String lookAlikes(ShownRequest shown) {
    Stream<String> texts =
        Stream.concat(
            Stream.of(shown.name().text(), shown.reason().text()),
            shown.statements().stream().map(ShownRequest.ShownText::text));
    return LookAlikes.warning(texts.toList());
  }

  private static String agent(Engineer engineer) {
    return engineer
        .kind()
        .map(
            kind ->
                switch (kind) {
                  case HUMAN -> "";
                  case AGENT ->
                      ", an AI agent; responsible: "
                          + engineer.responsible().map(Object::toString).orElse("nobody");
                })
        .orElse(", human or agent: not known");
  }

  /// Whose word the facts are, all of it the provider's.
  private static String sources(Engineer engineer) {
    return engineer.facts().sources().values().stream()
        .map(FactSource::word)
        .distinct()
        .sorted()
        .map(word -> "the provider's " + word)
        .collect(Collectors.joining(", "));
  }

  private static String words(Level level) {
    return switch (level) {
      case METADATA -> "metadata: structure and counts, no values";
      case MASKED -> "masked: personal fields masked";
      case READ -> "READ: data as it is";
      case WRITE -> "WRITE: data can be read and changed";
    };
  }

  private static String words(Purpose purpose) {
    return purpose.word().replace('_', ' ');
  }
}
