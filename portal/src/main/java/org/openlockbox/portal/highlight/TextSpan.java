package org.openlockbox.portal.highlight;

/// A stretch of text that looks the same all through. `marked` belongs to a word that may look like
/// another.
public record TextSpan(String text, TokenKind kind, boolean marked) {
  /// The classes of the style sheet; empty for none.
  public String style() {
    return kind.style();
  }
}
