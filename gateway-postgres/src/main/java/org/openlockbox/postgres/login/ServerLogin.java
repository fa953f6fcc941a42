package org.openlockbox.postgres.login;

import java.util.Map;

/// The one-shot login for one session: role, its password, the database and the client's settings.
public record ServerLogin(
    String role, String password, String database, Map<String, String> settings) {
  public ServerLogin {
    settings = Map.copyOf(settings);
  }

  @Override
  public String toString() {
    return "ServerLogin[" + role + " to " + database + "]";
  }
}
