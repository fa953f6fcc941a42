package org.openlockbox.gateway.budget;

import org.openlockbox.gateway.notice.ClientNotice;

/// The sessions of one access fill more of the gateway's memory than they may. The session that
/// wanted more ends.
public final class MemoryLimitExceeded extends RuntimeException implements ClientNotice {
  private static final long serialVersionUID = 1L;

  MemoryLimitExceeded() {
    super("too much is under way in the sessions of this access");
  }

  @Override
  public String message() {
    return "too much is under way in the sessions of this access";
  }

  @Override
  public String hint() {
    return "Connect again; send shorter statements, or fewer at once.";
  }
}
