package org.openlockbox.portal.wording;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.Submission;

/// What an engineer says who asks for access: as the entry of a request has it, or as it would
/// stand there. Name, reason and statements are the texts that the entry commits to; absent once
/// they are erased.
public record RequestText(
    Submission submission,
    Optional<String> name,
    Optional<String> reason,
    List<String> statements) {
  public RequestText {
    statements = List.copyOf(statements);
  }

  /// Whether all that was written is here to be read, as the entry commits to it: nobody approves
  /// what they cannot see.
  public boolean isWhole() {
    return name.isPresent()
        && reason.isPresent()
        && statements.size() == submission.terms().limits().statements().commitments().size();
  }

  /// What to call the engineer.
  public String engineer() {
    return name.orElse(submission.engineer().id().value());
  }
}
