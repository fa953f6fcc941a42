package org.openlockbox.core.statement;

/// So many of something, in words: `1 session`, `2 sessions`.
public record Count(long many, String one) {
  public static Count of(long many, String one) {
    return new Count(many, one);
  }

  @Override
  public String toString() {
    return "%d %s%s".formatted(many, one, many == 1 ? "" : "s");
  }
}
