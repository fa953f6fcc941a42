package org.openlockbox.gateway.yaml;

/// What is wrong in a settings file, and on which line. Shown to the operator as it is; nothing of
/// the file is used once one has been thrown.
public final class YamlProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final String what;

  public YamlProblem(String file, int line, String what) {
    super(file + " line " + line + ": " + what);
    this.line = line;
    this.what = what;
  }

  /// The problem without file and line.
  public String what() {
    return what;
  }

  /// The line, counted from 1.
  int line() {
    return line;
  }
}
