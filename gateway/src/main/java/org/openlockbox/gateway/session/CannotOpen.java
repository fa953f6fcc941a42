package org.openlockbox.gateway.session;

import org.openlockbox.gateway.notice.ClientNotice;

/// A session does not open, for a reason that its client is told.
public final class CannotOpen extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient ClientNotice words;

  public CannotOpen(ClientNotice words) {
    super(words.message());
    this.words = words;
  }

  ClientNotice words() {
    return words;
  }
}
