package org.openlockbox.postgres.database;

import java.time.Instant;

/// The one-shot login role of one session and its password, which exists in the memory of the
/// gateway only. Dropped with [SessionRoles#close(SessionRole)]; gone by itself for queries at
/// `until`.
public record SessionRole(String name, String password, Instant until) {
  @Override
  public String toString() {
    return "SessionRole[" + name + ", until " + until + "]";
  }
}
