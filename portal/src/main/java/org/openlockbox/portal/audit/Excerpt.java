package org.openlockbox.portal.audit;

import org.openlockbox.portal.wording.PlainText;

/// What somebody wrote, or its beginning. Wherever the words of one are shown, it is shown too that
/// they are not all.
public record Excerpt(PlainText words, boolean shortened) {
  static Excerpt whole(String written) {
    return new Excerpt(PlainText.of(written), false);
  }
}
