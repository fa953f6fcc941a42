package org.openlockbox.policy.yaml;

/// A place in a text; line and column count from 1.
public record SourcePosition(int line, int column) {
  public static final SourcePosition START = new SourcePosition(1, 1);
}
