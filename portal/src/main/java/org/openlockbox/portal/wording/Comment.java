package org.openlockbox.portal.wording;

import java.util.Optional;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.portal.edge.Messages;
import org.openlockbox.server.problem.Problem;

/// What somebody adds to something that they do, as the log is to hold it.
public record Comment(String text) {
  /// What was typed; empty if no entry can hold it.
  public static Optional<Comment> typed(String typed) {
    var text = typed.replace("\r\n", "\n").strip();
    return text.length() <= Decision.LONGEST_COMMENT && TextRules.allows(text)
        ? Optional.of(new Comment(text))
        : Optional.empty();
  }

  /// The same, where whoever typed it is told on a page of its own what to leave out.
  public static Comment typed(Messages words, String typed) {
    return typed(typed).orElseThrow(() -> Problem.refused("comment", words.say("comment.fault")));
  }
}
