package org.openlockbox.core.scram;

/// A message of a SCRAM exchange is none, or asks for more than we give. It ends the login.
public final class MalformedScram extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedScram(String what) {
    super(what);
  }

  /// What is wrong with it.
  public String what() {
    return String.valueOf(getMessage());
  }
}
