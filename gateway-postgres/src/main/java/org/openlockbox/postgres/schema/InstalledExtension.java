package org.openlockbox.postgres.schema;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;

/// An extension of the protected database, and what it opens: a foreign data wrapper reaches other
/// servers or files, an untrusted language whatever the server's own user reaches.
public record InstalledExtension(String name, boolean wrapper, boolean untrustedLanguage) {
  /// Those that need no entry in the catalogue. `plpgsql` is in every database, and the plan takes
  /// the language from PUBLIC. The others come with PostgreSQL, so the version floor covers them;
  /// they compute on what they are given and nothing else, and lie in schemas that no session may
  /// use. Not among them: functions with a history of memory errors that whoever calls them could
  /// use (`pg_trgm`, `pgcrypto`, `intarray`, `fuzzystrmatch`).
  private static final Set<String> HARMLESS =
      Set.of("plpgsql", "btree_gin", "btree_gist", "citext", "hstore", "unaccent", "uuid-ossp");

  static InstalledExtension of(ResultSet rows) throws SQLException {
    return new InstalledExtension(rows.getString(1), rows.getBoolean(2), rows.getBoolean(3));
  }

  public boolean harmless() {
    return HARMLESS.contains(name) && !reachesOut();
  }

  public boolean reachesOut() {
    return wrapper || untrustedLanguage;
  }

  /// What it opens, as the end of a sentence about it.
  public String reach() {
    return untrustedLanguage
        ? "brings a language whose functions can do whatever the server's own user can"
        : "opens a way out of the database, to other servers or to files";
  }
}
