package org.openlockbox.postgres.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.function.Supplier;
import org.openlockbox.postgres.catalogue.DatabaseAddress;
import org.openlockbox.postgres.schema.CatalogSnapshot;

/// Dials the protected database as the gateway's own login role, which can open and close session
/// roles and read the catalogs, and nothing else. Never a superuser.
@FunctionalInterface
public interface AdminConnections {
  /// A new connection in autocommit mode; the caller closes it.
  Connection dial() throws SQLException;

  /// Connections to the resource's database with the password of its gateway role. Their statements
  /// wait ten seconds for a lock, and so give up before the answer is given up: one that nobody
  /// hears any more would go on waiting in the database, and each repetition beside it.
  ///
  /// They begin with the `search_path` that [CatalogSnapshot] pins, written as the server reports
  /// it: the driver forgets all prepared statements when it changes.
  ///
  /// @param gateway which gateway and which start of it; stands in `lb.binding.gateway`
  static AdminConnections to(DatabaseAddress address, String password, GatewayBoot gateway) {
    return to(address, address.gatewayRole(), password, gateway);
  }

  /// The same with a password that may be renewed: it is asked for at each dial.
  static AdminConnections renewable(
      DatabaseAddress address, Supplier<String> password, GatewayBoot gateway) {
    return () -> to(address, address.gatewayRole(), password.get(), gateway).dial();
  }

  /// The same as another role, for what somebody looks at who may read the tables. Without a
  /// password the driver looks into `PGPASSFILE` or `~/.pgpass`.
  static AdminConnections to(
      DatabaseAddress address, String role, String password, GatewayBoot gateway) {
    var properties = new Properties();
    properties.setProperty("user", role);
    if (!password.isEmpty()) {
      properties.setProperty("password", password);
    }
    properties.setProperty("ApplicationName", gateway.toString());
    properties.setProperty("sslmode", address.tls().word());
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "20");
    properties.setProperty(
        "options",
        "-c lock_timeout=10s -c search_path=" + CatalogSnapshot.SEARCH_PATH.replace(" ", "\\ "));
    properties.setProperty("loginTimeout", "10");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("preferQueryMode", "extended");
    address.authority().ifPresent(path -> properties.setProperty("sslrootcert", path.toString()));
    String url =
        "jdbc:postgresql://%s:%d/%s".formatted(address.host(), address.port(), address.database());
    return () -> DriverManager.getConnection(url, properties);
  }
}
