package org.openlockbox.client.session;

import java.io.IOException;

/// The rest of an answer stays where it is. Whoever writes the answer must close its connection, so
/// that nobody takes what has left for a whole one.
public final class ReleaseRefused extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient AccessRefusal why;

  ReleaseRefused(AccessRefusal why) {
    super(why.message());
    this.why = why;
  }

  public AccessRefusal why() {
    return why;
  }
}
