package org.openlockbox.portal.wording;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.edge.PageContext;

/// Says in one sentence what is asked, and what a signature would allow or refuse. Each is made
/// from the request's entry and the payload to be signed, and from nothing else. No free text of
/// the requester's side stands inside: who asks is an [EngineerCard] beside the sentence, and the
/// ticket has a line of its own.
public final class Sentences {
  private final PageContext frame;
  private final RequestText told;
  private final String resource;

  public Sentences(PageContext frame, RequestText told, String resource) {
    this.frame = frame;
    this.told = told;
    this.resource = resource;
  }

  /// What the engineer asks for.
  public List<SentencePart> request() {
    var terms = told.submission().terms();
    return sentence(
        "sentence.request",
        who(),
        frame.say("level." + terms.level().word() + ".does"),
        resource,
        frame.words().duration(terms.duration()),
        why());
  }

  /// What the decision says: its grant with absolute times, or its no.
  public List<SentencePart> decision(Decision decision) {
    return decision
        .allowance()
        .map(this::approval)
        .orElseGet(() -> sentence("sentence.deny", who(), resource));
  }

  private List<SentencePart> approval(Allowance allowance) {
    return access(
        "sentence.approve",
        allowance.level(),
        allowance.window(),
        allowance.duration(),
        allowance.limits());
  }

  /// What all approvers together have allowed, while it is open.
  public List<SentencePart> grant(GrantTerms terms) {
    return granted("sentence.approve", terms);
  }

  /// What was allowed; and, where somebody ended it before its time, after how long and who.
  public List<SentencePart> ended(Grant.Ended ended) {
    var allowed = granted("sentence.allowed", ended.terms());
    var early =
        switch (ended) {
          case Grant.Expired _ -> List.<SentencePart>of();
          case Grant.Completed(var _, var by, var _) -> early("sentence.completed.", ended, by);
          case Grant.Revoked(var _, var by, var _, var _) -> early("sentence.stopped.", ended, by);
        };
    return Stream.concat(allowed.stream(), early.stream()).toList();
  }

  private List<SentencePart> early(String id, Grant.Ended ended, SubjectId by) {
    var used = Duration.between(ended.terms().window().notBefore(), ended.endedAt());
    return used.isNegative()
        ? sentence(id + "unbegun", frame.name(by))
        : sentence(id + "begun", frame.words().duration(used), frame.name(by));
  }

  private List<SentencePart> granted(String id, GrantTerms terms) {
    var window = terms.window();
    return access(id, terms.level(), window, about(window.length()), terms.limits());
  }

  /// A grant begins with the last signature, seconds after the window that it was signed for. In
  /// full minutes, where there are any, it is as long as it was signed for.
  private static Duration about(Duration length) {
    var minutes = length.plusSeconds(30).truncatedTo(ChronoUnit.MINUTES);
    return minutes.isZero() ? length : minutes;
  }

  private List<SentencePart> access(
      String id, Level level, Window window, Duration duration, Limits limits) {
    return sentence(
        id,
        who(),
        frame.say("level." + level.word() + ".does"),
        resource,
        frame.words().duration(duration),
        frame.time(window.notBefore()),
        frame.time(window.notAfter()),
        limits(limits),
        why());
  }

  /// That somebody's access ends at once.
  public List<SentencePart> revocation() {
    return sentence("sentence.revoke", who(), resource);
  }

  private String who() {
    return frame.say(told.submission().engineer().isAgent() ? "who.agent" : "who.human");
  }

  /// As the customer reads it, whoever reads.
  private String why() {
    return frame.words().say("purpose." + told.submission().purpose().word());
  }

  private String limits(Limits limits) {
    var words = new LimitWords(frame, limits).all();
    return words.isEmpty() ? frame.say("limits.none") : String.join(", ", words);
  }

  private List<SentencePart> sentence(String id, String... values) {
    return SentencePart.sentence(frame.words().pattern(id), List.of(values));
  }
}
