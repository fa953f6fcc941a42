package org.openlockbox.portal.signing;

import java.util.ArrayList;
import java.util.List;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.wording.LimitWords;

/// In what an approver allows less than was asked, one line each.
final class Differences {
  private Differences() {}

  static List<String> of(PageContext frame, Submission submission, Allowance allowance) {
    var terms = submission.terms();
    var lines = new ArrayList<String>();
    if (allowance.level() != terms.level()) {
      lines.add(
          line(
              frame,
              "level",
              frame.say("level." + allowance.level().word()),
              frame.say("level." + terms.level().word())));
    }
    if (!allowance.duration().equals(terms.duration())) {
      lines.add(
          line(
              frame,
              "duration",
              frame.words().duration(allowance.duration()),
              frame.words().duration(terms.duration())));
    }
    if (!allowance.limits().equals(terms.limits())) {
      lines.add(
          line(frame, "limits", words(frame, allowance.limits()), words(frame, terms.limits())));
    }
    return lines;
  }

  private static String line(PageContext frame, String what, String allowed, String asked) {
    return frame.say("diff.change", frame.say("diff." + what), allowed, asked);
  }

  private static String words(PageContext frame, Limits limits) {
    var words = new LimitWords(frame, limits).all();
    return words.isEmpty() ? frame.say("diff.limits.none") : String.join(", ", words);
  }
}
