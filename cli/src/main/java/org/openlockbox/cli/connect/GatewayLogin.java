package org.openlockbox.cli.connect;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;

/// Where and as whom to connect for one request, with the password that only this process knows.
/// [#toString] leaves the password out.
public final class GatewayLogin {
  /// Java's own authorities, for a certificate that everybody knows.
  private static final String JAVA_ROOTS = "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory";

  private final String request;
  private final String host;
  private final int port;
  private final String database;
  private final String user;
  private final String password;
  private final String caPem;
  private final Instant expires;

  /// Takes the server's answer to a connect statement. Values that would mean something else in
  /// libpq's files (a socket path, a list of hosts, a new line) are refused.
  GatewayLogin(String request, String user, String password, ApiObject answer, Instant expires) {
    this.request = request;
    this.user = user;
    this.password = password;
    this.expires = expires;
    this.host = GatewayHost.of(answer);
    this.port = Math.toIntExact(answer.number("port").orElse(5432));
    this.database = safe("database", answer.required("database"));
    this.caPem = answer.text("caPem");
  }

  private static String safe(String name, String value) {
    boolean odd =
        value.startsWith("/")
            || value.startsWith("@")
            || value.contains(",")
            || value.chars().anyMatch(c -> c <= ' ' || c == 0x7f);
    if (odd) {
      throw new Failure(ExitCode.FAILURE, "the server's answer names no valid " + name);
    }
    return value;
  }

  String request() {
    return request;
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  public String database() {
    return database;
  }

  public String user() {
    return user;
  }

  public Instant expires() {
    return expires;
  }

  String password() {
    return password;
  }

  String caPem() {
    return caPem;
  }

  /// A line of a libpq password file.
  String passwordLine() {
    return escaped(host)
        + ":"
        + port
        + ":"
        + escaped(database)
        + ":"
        + user
        + ":"
        + password
        + "\n";
  }

  /// A URL that holds the password, for programs that take nothing else.
  public String urlWithPassword(String caFile) {
    return "postgresql://"
        + user
        + ":"
        + password
        + "@"
        + hostInUrl()
        + ":"
        + port
        + "/"
        + encoded(database)
        + "?sslmode=verify-full"
        + (caFile.isEmpty() ? "" : "&sslrootcert=" + encoded(caFile))
        + "&application_name="
        + encoded("lockbox " + request);
  }

  /// A JDBC URL without the password, which pgjdbc reads from `PGPASSFILE`.
  public String jdbcUrl(String caFile) {
    return "jdbc:postgresql://"
        + hostInUrl()
        + ":"
        + port
        + "/"
        + encoded(database)
        + "?user="
        + user
        + "&sslmode=verify-full"
        + (caFile.isEmpty() ? JAVA_ROOTS : "&sslrootcert=" + encoded(caFile))
        + "&ApplicationName="
        + encoded("lockbox " + request);
  }

  private String hostInUrl() {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace(":", "\\:");
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
  }

  @Override
  public String toString() {
    return user + "@" + host + ":" + port + "/" + database;
  }
}
