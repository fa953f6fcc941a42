package org.openlockbox.http.catalogue;

/// What the answer of a route is, and so what the gateway does with it.
public enum AnswerForm {
  /// One document or any other text. A page of HTML does not pass: it could run what a service was
  /// made to say.
  DOCUMENT("document"),
  /// Each line is a JSON document of its own.
  LINES("lines"),
  /// A file or a page. Nobody looks at it: it may be compressed, and asked for in ranges.
  OPAQUE("opaque"),
  /// Server-sent events. Each piece is on record before it passes.
  EVENTS("events"),
  /// A WebSocket. Each message is on record before it passes, in both directions.
  WEBSOCKET("websocket");

  private final String word;

  AnswerForm(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  /// Whether the level masked can be shown some of it.
  boolean canBeMasked() {
    return switch (this) {
      case DOCUMENT, LINES -> true;
      case OPAQUE, EVENTS, WEBSOCKET -> false;
    };
  }

  /// Whether it is recorded in parts.
  public boolean isStream() {
    return switch (this) {
      case EVENTS, WEBSOCKET -> true;
      case DOCUMENT, LINES, OPAQUE -> false;
    };
  }
}
