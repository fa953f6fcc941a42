package org.openlockbox.node.process;

/// A reason to stop that the person at the terminal can do something about: one sentence and an
/// exit code. [CommandRunner] prints it without a stack trace; everything else that is thrown is a
/// bug or an outage.
public final class NodeFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// The exit codes that scripts can tell apart; `docs/install.md` lists them.
  public enum Code {
    FAILURE(1, "failure; the sentence says what"),
    USAGE(2, "usage: the arguments or the configuration, with file and line"),
    TOOL_MISSING(10, "a tool is missing"),
    DISK_FULL(11, "the disk is full"),
    PORT_TAKEN(12, "a port is taken"),
    ALREADY_RUNNING(13, "a second copy is running over the same configuration");

    private final int exit;
    private final String meaning;

    Code(int exit, String meaning) {
      this.exit = exit;
      this.meaning = meaning;
    }

    /// What it means, in the words of `docs/install.md`.
    String meaning() {
      return meaning;
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
