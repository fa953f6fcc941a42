package org.openlockbox.portal.highlight;

import java.util.Locale;

/// What a token of SQL is, as far as readers see it.
public enum TokenKind {
  PLAIN,
  KEYWORD,
  STRING,
  NUMBER,
  COMMENT;

  /// The class of the style sheet; empty for what looks like all other text.
  public String style() {
    return this == PLAIN ? "" : "sql-" + name().toLowerCase(Locale.ROOT);
  }
}
