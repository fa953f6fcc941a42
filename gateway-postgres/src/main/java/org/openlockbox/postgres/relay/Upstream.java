package org.openlockbox.postgres.relay;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.postgres.catalogue.DatabaseAddress;
import org.openlockbox.postgres.database.SessionRole;
import org.openlockbox.postgres.login.DatabaseEndpoint;
import org.openlockbox.postgres.login.ServerLink;
import org.openlockbox.postgres.login.ServerLogin;
import org.openlockbox.postgres.wire.CancelKey;
import org.openlockbox.postgres.wire.ConnectionRefusal;
import org.openlockbox.postgres.wire.PgError;
import org.openlockbox.postgres.wire.ProtocolVersion;

/// The only way to a protected database for a session: no [Permit], no dial.
///
/// Each backend looks every two seconds whether its socket is still there, so that a long statement
/// does not outlive a gateway that was killed.
public final class Upstream {
  private static final String LOOK_FOR_CLIENT = "client_connection_check_interval";
  private static final String LOOK_EVERY = "2s";

  /// How the gateway reads texts, and so the database must.
  private static final Map<String, String> READING =
      Map.of("client_encoding", "UTF8", "standard_conforming_strings", "on");

  private static final PgError ANOTHER_READING =
      PgError.fatal(
          PgError.CANNOT_CONNECT_NOW,
          "the protected database does not read statements as the gateway does: it does not report"
              + " client_encoding UTF8 and standard_conforming_strings on",
          "Tell your platform team: what is between gateway and database must pass these settings"
              + " on when a session logs in.");

  private final SecureRandom random;
  private final DatabaseTls tls = new DatabaseTls();

  public Upstream(SecureRandom random) {
    this.random = random;
  }

  /// Logs in to the permit's database, as the role that was made for the session.
  ///
  /// @throws Refused when the database reads texts otherwise than the gateway
  public ServerLink dial(
      Permit permit, DatabaseAddress address, SessionRole role, Map<String, String> settings)
      throws IOException {
    checkPlace(permit, address);
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.putAll(READING);
    all.put(LOOK_FOR_CLIENT, LOOK_EVERY);
    ServerLink link =
        ServerLink.open(
            address(address),
            new ServerLogin(role.name(), role.keys(), address.database(), all),
            random);
    if (!link.parameters().entrySet().containsAll(READING.entrySet())) {
      link.close();
      throw new ConnectionRefusal(ANOTHER_READING);
    }
    return link;
  }

  /// A permit opens one place.
  private static void checkPlace(Permit permit, DatabaseAddress address) {
    if (!permit.protection().place().equals(address.database())) {
      throw new IllegalArgumentException("the permit is for " + permit.protection().place());
    }
  }

  public static ConnectionRefusal notReachable() {
    return new ConnectionRefusal(
        PgError.fatal(
            PgError.CANNOT_CONNECT_NOW,
            "the protected database cannot be reached",
            "Try again in a moment; if it stays so, tell your platform team."));
  }

  /// Asks the database to stop what this session runs.
  public void cancel(Permit permit, DatabaseAddress address, CancelKey key) throws IOException {
    checkPlace(permit, address);
    ServerLink.cancel(address(address), key);
  }

  private DatabaseEndpoint address(DatabaseAddress address) throws IOException {
    return switch (address.tls()) {
      case DISABLE -> DatabaseEndpoint.unencrypted(address.host(), address.port());
      case REQUIRE ->
          new DatabaseEndpoint(address.host(), address.port(), tls.context(address), false);
      case VERIFY_FULL ->
          new DatabaseEndpoint(address.host(), address.port(), tls.context(address), true);
    };
  }

  /// The key that a session shows its client; unrelated to the database's own.
  public CancelKey freshKey(ProtocolVersion version) {
    return CancelKey.random(version, random);
  }
}
