package org.openlockbox.postgres.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// A client's StartupMessage after the allow-list: who wants in, to which database, and the few
/// settings that are passed on. Everything else is refused, because the server acts on any setting
/// in this message, `role` and `default_transaction_read_only` included.
public record StartupMessage(
    String user,
    String database,
    Map<String, String> settings,
    int minorVersion,
    List<String> unknownOptions) {
  public static final int VERSION_3_0 = 3 << 16;
  static final int MAX_PARAMETERS = 32;

  private static final Set<String> PASSED_ON =
      Set.of("application_name", "datestyle", "timezone", "intervalstyle", "extra_float_digits");

  public StartupMessage {
    settings = Map.copyOf(settings);
    unknownOptions = List.copyOf(unknownOptions);
  }

  /// The client asked for something that we do not speak, so NegotiateProtocolVersion is due.
  public boolean needsNegotiation() {
    return minorVersion != spoken().minor() || !unknownOptions.isEmpty();
  }

  /// What is spoken with this client.
  public ProtocolVersion spoken() {
    return ProtocolVersion.upTo(minorVersion);
  }

  /// Parses the body after the version number.
  static StartupMessage parse(int version, Slice body) {
    if (version >>> 16 != 3) {
      throw new ConnectionRefusal(
          PgError.fatal(
              PgError.NOT_SUPPORTED,
              "only protocol version 3 is spoken here",
              "Use a client made for PostgreSQL 7.4 or newer."));
    }
    Map<String, String> all = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    while (true) {
      String name = body.text();
      if (name.isEmpty()) {
        break;
      }
      String value = body.text();
      if (all.size() + unknown.size() >= MAX_PARAMETERS) {
        throw new WireViolation(
            "too many start-up parameters", "Connect with what `lockbox connect` prints.");
      }
      if (name.startsWith("_pq_.")) {
        unknown.add(name);
      } else if (all.put(name, value) != null) {
        throw new WireViolation(
            "a start-up parameter is given twice", "Connect with what `lockbox connect` prints.");
      }
    }
    body.done();
    return allowed(all, version & 0xffff, unknown);
  }

  private static StartupMessage allowed(Map<String, String> all, int minor, List<String> unknown) {
    String user = required(all, "user");
    String database = required(all, "database");
    Map<String, String> settings = new LinkedHashMap<>();
    all.forEach(
        (name, value) -> {
          String key = name.toLowerCase(Locale.ROOT);
          if (key.equals("client_encoding")) {
            requireUtf8(value);
          } else if (key.equals("application_name")) {
            settings.put(key, printable(value));
          } else if (PASSED_ON.contains(key)) {
            settings.put(key, harmless(key, value));
          } else if (!name.equals("user") && !name.equals("database")) {
            throw notAllowed(name);
          }
        });
    settings.put("client_encoding", "UTF8");
    return new StartupMessage(user, database, settings, minor, unknown);
  }

  private static String required(Map<String, String> all, String name) {
    String value = all.getOrDefault(name, "");
    if (value.isEmpty() || value.length() > 128) {
      throw new ConnectionRefusal(
          PgError.fatal(
              PgError.NOT_APPROVED,
              "the connection names no " + name,
              "Connect with what `lockbox connect` prints; it names both user and database."));
    }
    return value;
  }

  private static void requireUtf8(String value) {
    String plain = value.replaceAll("[-_ '\"]", "").toUpperCase(Locale.ROOT);
    if (!plain.equals("UTF8") && !plain.equals("UNICODE")) {
      throw new ConnectionRefusal(
          PgError.fatal(
              "22023",
              "only client_encoding UTF8 is allowed here",
              "Set PGCLIENTENCODING=UTF8 or leave it unset."));
    }
  }

  private static String harmless(String name, String value) {
    if (value.length() > 64 || !value.matches("[A-Za-z0-9_+/:, .-]*")) {
      throw new ConnectionRefusal(
          PgError.fatal(
              "22023",
              "the value of " + name + " is not allowed here",
              "Leave it out of the connection, and use SET once connected."));
    }
    return value;
  }

  private static String printable(String value) {
    String plain = value.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() > 63 ? plain.substring(0, 63) : plain;
  }

  private static ConnectionRefusal notAllowed(String name) {
    return new ConnectionRefusal(
        PgError.fatal(
            PgError.NOT_APPROVED,
            "the start-up parameter \"" + printable(name) + "\" is not allowed here",
            name.equals("replication")
                ? "Remove it from the connection: replication is not offered here; read tables with"
                    + " SELECT or COPY."
                : "Remove it from the connection (PGOPTIONS, options=, role=, search_path=); settings"
                    + " can be changed with SET once connected."));
  }
}
