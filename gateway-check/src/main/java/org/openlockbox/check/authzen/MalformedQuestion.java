package org.openlockbox.check.authzen;

/// A body that is no question of the API. Its message tells what is wrong, and quotes nothing.
final class MalformedQuestion extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedQuestion(String what) {
    super(what);
  }
}
