package org.openlockbox.node;

/// A reason to stop that the person at the terminal can do something about: one sentence and an
/// exit code. [Main] prints it without a stack trace; everything else that is thrown is a bug or an
/// outage.
public final class NodeFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// The exit codes that scripts can tell apart; `docs/install.md` lists them.
  public enum Code {
    FAILURE(1),
    USAGE(2),
    TOOL_MISSING(10),
    DISK_FULL(11),
    PORT_TAKEN(12),
    ALREADY_RUNNING(13);

    private final int exit;

    Code(int exit) {
      this.exit = exit;
    }

    public int exit() {
      return exit;
    }
  }

  private final Code code;

  public NodeFailure(Code code, String sentence) {
    super(sentence);
    this.code = code;
  }

  public NodeFailure(Code code, String sentence, Throwable cause) {
    super(sentence, cause);
    this.code = code;
  }

  public Code code() {
    return code;
  }
}
