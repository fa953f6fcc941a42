package org.openlockbox.portal.request;

import java.util.List;
import org.openlockbox.portal.edge.FormFaults;

/// What somebody says about a request as it stands in the form, right or wrong: in its comments, or
/// in a review.
public record CommentForm(String text, FormFaults faults) {
  static final CommentForm BLANK = new CommentForm("", new FormFaults(List.of()));

  /// What was not taken, and why not; `says` is a message id.
  static CommentForm refused(String text, String says) {
    return new CommentForm(text, new FormFaults(List.of(new FormFaults.FieldFault("text", says))));
  }

  /// A reviewer stopped it without a word.
  static CommentForm reviewWithoutWords() {
    return new CommentForm(
        "",
        new FormFaults(List.of(new FormFaults.FieldFault("comment", "review.comment.missing"))));
  }
}
