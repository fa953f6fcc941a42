package org.openlockbox.core.canonical;

/// A document that breaks the rules of our JSON or does not have the members it should. Carries
/// what is wrong, in words that may be shown. Nothing else is thrown for any input.
public final class MalformedJson extends RuntimeException {
  private static final long serialVersionUID = 1;

  public MalformedJson(String why) {
    super(why);
  }

  public MalformedJson(String why, Throwable cause) {
    super(why, cause);
  }
}
