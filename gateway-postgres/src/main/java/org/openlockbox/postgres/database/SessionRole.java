package org.openlockbox.postgres.database;

import java.time.Instant;
import org.openlockbox.core.scram.ScramKeys;

/// The one-shot login role of one session and its keys, which exist in the memory of the gateway
/// only: there is no password that could be guessed, logged or passed on. Dropped with
/// [SessionRoles#close(SessionRole)]; gone by itself for queries at `until`.
public record SessionRole(String name, ScramKeys keys, Instant until) {
  @Override
  public String toString() {
    return "SessionRole[" + name + ", until " + until + "]";
  }
}
