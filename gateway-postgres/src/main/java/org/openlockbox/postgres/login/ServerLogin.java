package org.openlockbox.postgres.login;

import java.util.Map;
import org.openlockbox.core.scram.ScramSecret;

/// The one-shot login for one session: role, what proves it, the database and the client's
/// settings.
public record ServerLogin(
    String role, ScramSecret secret, String database, Map<String, String> settings) {
  public ServerLogin {
    settings = Map.copyOf(settings);
  }

  @Override
  public String toString() {
    return "ServerLogin[" + role + " to " + database + "]";
  }
}
