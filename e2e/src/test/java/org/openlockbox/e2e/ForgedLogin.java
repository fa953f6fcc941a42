package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Demo;

/// A login that the server never gave: the engineer's connect statement is genuine, and written
/// into the server's table by hand, so that only the gateway is left to say no.
final class ForgedLogin {
  private static final String PASSWORD = "forged-password";
  private static final Pattern VERIFIER =
      Pattern.compile("SCRAM-SHA-256\\$(\\d+):(.+)\\$(.+):(.+)");

  private ForgedLogin() {}

  static Answer dial(Demo demo, Connection control, String tenant, String id) throws Exception {
    String user = new RequestId(id).userPrefix() + "0badcafe";
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    var statement =
        new ConnectStatement(
            new TenantId(tenant),
            new RequestId(id),
            new ResourceId("helpdesk"),
            new SubjectId("engineer"),
            user,
            verifier(control),
            new Window(now.minusSeconds(30), now.plus(Duration.ofMinutes(5))),
            Nonce.random(new SecureRandom()));
    var key = KeyFile.parse(Files.readString(demo.key("engineer.key")));
    write(
        control,
        tenant,
        id,
        user,
        CanonicalJson.bytes(statement.unsigned().signedBy(key).toJson()));
    return demo.terminal("engineer")
        .types(
            "PGPASSWORD="
                + PASSWORD
                + " psql 'host=127.0.0.1 port="
                + demo.port("gateway")
                + " dbname=helpdesk user="
                + user
                + " sslmode=verify-full sslrootcert=../tls/ca.pem' -At -c \"select 'in'\"");
  }

  /// PostgreSQL computes the same verifier for a role's password.
  private static Credential.Scram verifier(Connection control) throws SQLException {
    try (var statement = control.createStatement()) {
      statement.execute("create role forged password '" + PASSWORD + "'");
      var rows =
          statement.executeQuery("select rolpassword from pg_authid where rolname = 'forged'");
      rows.next();
      var parts = VERIFIER.matcher(rows.getString(1));
      assertThat(parts.matches()).isTrue();
      statement.execute("drop role forged");
      return new Credential.Scram(
          Integer.parseInt(parts.group(1)),
          Bytes.ofBase64(parts.group(2)),
          Bytes.ofBase64(parts.group(3)),
          Bytes.ofBase64(parts.group(4)));
    }
  }

  private static void write(
      Connection control, String tenant, String id, String user, byte[] envelope)
      throws SQLException {
    try (var insert =
        control.prepareStatement(
            """
            insert into connect_statement (tenant_id, user_name, request_id, envelope, not_after, received_at)
            values (?, ?, ?, ?, now() + interval '5 minutes', now())
            """)) {
      insert.setString(1, tenant);
      insert.setString(2, user);
      insert.setString(3, id);
      insert.setBytes(4, envelope);
      insert.executeUpdate();
    }
  }
}
