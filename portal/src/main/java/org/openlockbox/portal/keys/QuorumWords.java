package org.openlockbox.portal.keys;

import java.util.List;
import org.openlockbox.portal.edge.PageContext;

/// What a number of approvers and a quorum mean for a tenant, in plain words, before it matters: a
/// tenant whose quorum is lost can never decide or change anything again, and nobody can help.
record QuorumWords(PageContext frame, int approvers, int quorum) {

  /// How many have to agree.
  String state() {
    return approvers == 1 ? frame.say("quorum.only") : frame.say("quorum.words", quorum, approvers);
  }

  /// What is to be feared; nothing where two more can lose their keys.
  List<String> warnings() {
    return switch (approvers - quorum) {
      case 0 -> List.of(frame.say("quorum.none.spare", quorum));
      case 1 -> List.of(frame.say("quorum.one.spare", approvers, quorum));
      default -> List.of();
    };
  }
}
