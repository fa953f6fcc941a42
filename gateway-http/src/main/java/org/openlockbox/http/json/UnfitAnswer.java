package org.openlockbox.http.json;

import java.io.IOException;

/// An answer that cannot be held against the catalogue, and does not pass for that. Its message
/// says nothing of what stands in it.
public final class UnfitAnswer extends IOException {
  private static final long serialVersionUID = 1L;

  public UnfitAnswer(String why) {
    super(why);
  }
}
