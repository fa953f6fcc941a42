package org.openlockbox.portal.wording;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.server.request.PastRequests;
import org.openlockbox.server.request.StoredRequest;

/// What deserves a second look about a request, in at most three plain sentences, the weightiest
/// first; and what is usual for its purpose. All of it from what is on record: nothing is scored,
/// and nothing here decides.
public record RiskHints(
    List<String> sentences, Optional<String> usual, Optional<PastRequests.UsualGrant> grant) {
  private static final int MOST = 3;

  public RiskHints {
    sentences = List.copyOf(sentences);
  }

  public static RiskHints of(PageContext frame, PastRequests precedents, StoredRequest stored) {
    var submission = stored.submission();
    var earlier = precedents.earlier(stored);
    var usual = precedents.usual(submission.purpose());
    var sentences =
        Stream.of(
                data(frame, submission),
                agent(frame, submission.engineer()),
                person(frame, earlier, submission.engineer()),
                usual.flatMap(one -> more(frame, one, submission)),
                hours(frame, earlier, stored))
            .flatMap(Optional::stream)
            .limit(MOST)
            .toList();
    return new RiskHints(sentences, usual.map(one -> usual(frame, one, submission)), usual);
  }

  private static Optional<String> data(PageContext frame, Submission submission) {
    var level = submission.terms().level();
    return level == Level.WRITE || level == Level.READ
        ? Optional.of(frame.say("hint.level." + level.word()))
        : Optional.empty();
  }

  private static Optional<String> agent(PageContext frame, Engineer engineer) {
    return engineer.isAgent()
        ? Optional.of(
            frame.say("hint.agent", engineer.responsible().map(SubjectId::value).orElse("")))
        : Optional.empty();
  }

  private static Optional<String> person(
      PageContext frame, PastRequests.EarlierRequests earlier, Engineer engineer) {
    if (earlier.isNone()) {
      return Optional.of(frame.say("hint.first"));
    }
    return earlier.isFromElsewhere(engineer.country())
        ? engineer
            .country()
            .map(country -> frame.say("hint.country", frame.words().country(country)))
        : Optional.empty();
  }

  private static Optional<String> more(
      PageContext frame, PastRequests.UsualGrant usual, Submission submission) {
    var terms = submission.terms();
    if (usual.isMuchLonger(terms.duration())) {
      return Optional.of(frame.say("hint.longer", frame.words().duration(usual.length())));
    }
    return usual.isWider(terms.level())
        ? Optional.of(frame.say("hint.wider", frame.say("level." + usual.level().word())))
        : Optional.empty();
  }

  private static Optional<String> hours(
      PageContext frame, PastRequests.EarlierRequests earlier, StoredRequest stored) {
    return earlier.isOutsideHours(stored.createdAt())
        ? Optional.of(frame.say("hint.hours"))
        : Optional.empty();
  }

  private static String usual(
      PageContext frame, PastRequests.UsualGrant usual, Submission submission) {
    return frame.say(
        "usual",
        frame.say("purpose." + submission.purpose().word()),
        frame.say("level." + usual.level().word()),
        frame.words().duration(usual.length()),
        usual.statements(),
        frame.words().about(usual.answered()),
        usual.grants());
  }
}
