package org.openlockbox.portal.wording;

import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.portal.edge.Messages;
import org.openlockbox.server.problem.Problem;

/// What somebody adds to something that they do, as the log is to hold it.
public record Comment(String text) {
  /// Whoever typed what no entry can hold is told what to leave out.
  public static Comment typed(Messages words, String typed) {
    var text = typed.replace("\r\n", "\n").strip();
    if (text.length() > Decision.LONGEST_COMMENT || !TextRules.allows(text)) {
      throw Problem.refused("comment", words.say("comment.fault"));
    }
    return new Comment(text);
  }
}
