package org.openlockbox.portal.ui;

import java.util.Locale;

/// The meaning of a colour. Whatever has a tone also has an icon or a word that says the same.
public enum Tone {
  PLAIN,
  GOOD,
  CARE,
  BAD,
  NEWS;

  /// The class of the style sheet.
  public String style() {
    return "tone-" + name().toLowerCase(Locale.ROOT);
  }
}
