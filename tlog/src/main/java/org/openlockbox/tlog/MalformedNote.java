package org.openlockbox.tlog;

/// Text that is not the note, checkpoint, key or proof it is said to be. Carries what is wrong, in
/// words that may be shown.
public final class MalformedNote extends RuntimeException {
  private static final long serialVersionUID = 1;

  MalformedNote(String why) {
    super(why);
  }

  MalformedNote(String why, Throwable cause) {
    super(why, cause);
  }
}
