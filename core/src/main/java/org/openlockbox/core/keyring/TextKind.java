package org.openlockbox.core.keyring;

/// The kinds of text that entries only commit to: SQL or what else was sent, the values of its
/// parameters or the body of a request, why an engineer asked, the engineer's name. A tenant may
/// say how long each is kept.
public enum TextKind {
  OPERATION("operation"),
  INPUT("input"),
  REASON("reason"),
  NAME("name");

  private final String word;

  TextKind(String word) {
    this.word = word;
  }

  public static TextKind parse(String word) {
    for (var kind : values()) {
      if (kind.word.equals(word)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no such kind of text: " + word);
  }

  public String word() {
    return word;
  }
}
