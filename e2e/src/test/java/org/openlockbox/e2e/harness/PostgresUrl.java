package org.openlockbox.e2e.harness;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/// What `lockbox connect R-… url` prints, as pgjdbc wants it.
public record PostgresUrl(URI uri) {
  public static PostgresUrl of(String printed) {
    return new PostgresUrl(URI.create(printed.strip()));
  }

  public Connection connect() throws SQLException {
    String[] who = uri.getUserInfo().split(":", 2);
    var login = new Properties();
    login.setProperty("user", who[0]);
    login.setProperty("password", who[1]);
    login.setProperty("loginTimeout", "10");
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d%s?%s"
            .formatted(
                uri.getHost(),
                uri.getPort(),
                uri.getPath(),
                uri.getRawQuery().replace("&application_name", "&ApplicationName")),
        login);
  }

  /// The same at another port of that host.
  public PostgresUrl at(int port) {
    return of(uri.toString().replace(":" + uri.getPort() + "/", ":" + port + "/"));
  }

  @Override
  public String toString() {
    return "postgresql://%s:%d%s".formatted(uri.getHost(), uri.getPort(), uri.getPath());
  }
}
