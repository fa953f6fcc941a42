package org.openlockbox.core.history;

import java.time.Instant;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.policy.Approvers;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.policy.Effect;
import org.openlockbox.core.policy.Question;
import org.openlockbox.core.policy.Ruling;

/// Whose word counts at one index of a log: the keys, settings and policy in force there, and the
/// tickets that the tenant had signed for by then.
public record Authority(Keyring keyring, Conditions conditions, Tickets tickets) {
  /// What is to happen with this request, if it were decided at `at`.
  public Ruling ruling(Submission submission, Instant at) {
    return keyring.ruling(question(submission, at), conditions);
  }

  /// What a policy is asked then. A ticket that is over when the access would begin is none of the
  /// tenant's own: whoever asks in time for later gets nothing by it.
  public Question question(Submission submission, Instant at) {
    var start = submission.terms().startIfApprovedAt(at);
    return new Question(submission, at, tickets.isOwn(submission.ticket(), keyring, start));
  }

  /// Who is asked where this is the ruling; anybody, where the policy itself decides and people are
  /// quicker.
  public Approvers approvers(Ruling.ByRule ruling) {
    return switch (ruling.effect()) {
      case Effect.Ask(var approvers) -> approvers;
      case Effect.Approve _, Effect.Deny _ -> Approvers.any(keyring.quorum());
    };
  }
}
