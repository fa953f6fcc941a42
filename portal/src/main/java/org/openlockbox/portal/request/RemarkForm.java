package org.openlockbox.portal.request;

import java.util.List;
import org.openlockbox.portal.edge.Faulty;

/// What somebody says about a request as it stands in the form, right or wrong.
public record RemarkForm(String text, Faulty faults) {
  static final RemarkForm BLANK = new RemarkForm("", new Faulty(List.of()));

  /// What was not taken, and why not; `says` is a message id.
  static RemarkForm refused(String text, String says) {
    return new RemarkForm(text, new Faulty(List.of(new Faulty.Fault("text", says))));
  }
}
