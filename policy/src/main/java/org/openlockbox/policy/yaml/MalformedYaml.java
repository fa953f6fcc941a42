package org.openlockbox.policy.yaml;

/// A text is not the strict YAML that [YamlReader] takes, or a value in it is none that its reader
/// takes.
public final class MalformedYaml extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  public MalformedYaml(SourcePosition at, String what) {
    super(what);
    this.line = at.line();
    this.column = at.column();
  }

  public SourcePosition at() {
    return new SourcePosition(line, column);
  }

  /// What is wrong, without its place.
  public String what() {
    return String.valueOf(getMessage());
  }
}
