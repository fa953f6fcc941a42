package org.openlockbox.bench.fence;

import java.sql.Connection;
import java.sql.SQLException;
import org.openlockbox.postgres.database.SessionRoles;

/// One connection to the tables, and one to the views of each level.
record RealmSessions(SessionRoles roles, Connection direct, Connection read, Connection masked)
    implements AutoCloseable {
  @Override
  public void close() throws SQLException {
    direct.close();
    read.close();
    masked.close();
    roles.close();
  }
}
