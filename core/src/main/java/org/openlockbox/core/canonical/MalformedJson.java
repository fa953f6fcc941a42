package org.openlockbox.core.canonical;

/// A document that breaks the rules of our JSON or does not have the members it should. Carries
/// what is wrong, in words that may be shown. Nothing else is thrown for any input.
public sealed class MalformedJson extends RuntimeException permits NewerVersion {
  private static final long serialVersionUID = 1;

  /// Where the fault is, as a path of members: empty for the whole document, or unknown.
  private final String path;

  public MalformedJson(String why) {
    super(why);
    this.path = "";
  }

  public MalformedJson(String why, Throwable cause) {
    super(why, cause);
    this.path = "";
  }

  MalformedJson(String why, String path) {
    super(why);
    this.path = path;
  }

  MalformedJson(String why, String path, Throwable cause) {
    super(why, cause);
    this.path = path;
  }

  /// The member at fault, like `policy.rules[2].says`; empty where that is not known.
  public String path() {
    return path;
  }
}
