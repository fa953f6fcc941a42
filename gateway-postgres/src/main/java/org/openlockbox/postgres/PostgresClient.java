package org.openlockbox.postgres;

import java.net.InetAddress;
import org.openlockbox.gateway.session.Client;
import org.openlockbox.gateway.session.SessionParts;
import org.openlockbox.net.Loop;
import org.openlockbox.postgres.database.SessionRoles;
import org.openlockbox.postgres.login.ClientLink;
import org.openlockbox.postgres.wire.StartupMessage;

/// A client of PostgreSQL that was let in.
///
/// @param address where it is, as a trusted proxy says where there is one
/// @param loop the one that will serve its session
/// @param roles of the database that its permit opens
record PostgresClient(
    InetAddress address,
    ClientLink link,
    StartupMessage startup,
    Loop loop,
    SessionRoles roles,
    TrafficEnvironment setting)
    implements Client {
  @Override
  public String application() {
    return startup.settings().getOrDefault("application_name", "");
  }

  @Override
  public void wake() {
    loop.wake();
  }

  @Override
  public PostgresTraffic traffic(SessionParts parts) {
    return new PostgresTraffic(this, parts);
  }
}
