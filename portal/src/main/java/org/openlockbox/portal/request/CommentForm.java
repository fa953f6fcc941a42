package org.openlockbox.portal.request;

import java.util.List;
import org.openlockbox.portal.edge.FormFaults;

/// What somebody says about a request as it stands in the form, right or wrong: in its comments
/// (`text`), in a review (`comment`), or when they complete it (`closing`).
public record CommentForm(String text, FormFaults faults) {
  public static final CommentForm BLANK = new CommentForm("", new FormFaults(List.of()));

  /// What was not taken in this field, and why not; `says` is a message id.
  static CommentForm refused(String field, String text, String says) {
    return new CommentForm(text, new FormFaults(List.of(new FormFaults.FieldFault(field, says))));
  }

  /// What stands in this field: what was typed where it was not taken.
  public String of(String field) {
    return faults.of(field).isPresent() ? text : "";
  }
}
