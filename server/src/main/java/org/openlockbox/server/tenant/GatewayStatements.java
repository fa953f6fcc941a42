package org.openlockbox.server.tenant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.AuthorityChange;
import org.openlockbox.core.keyring.GatewayRevocation;
import org.openlockbox.core.keyring.GatewayTrust;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What the gateway authority signed for the logs of all tenants: revocations of gateways' keys and
/// changes of the authority itself, kept as signed, in the order in which they came. None is ever
/// deleted: a revocation ends a key for good, and each change is what the next one follows. What a
/// restore loses is in a [GatewayStatementFile] of each server.
public final class GatewayStatements {
  private final JdbcClient jdbc;
  private final GatewayTrust configured;

  /// `configured` is the authority that the server's configuration names.
  public GatewayStatements(JdbcClient jdbc, GatewayTrust configured) {
    this.jdbc = jdbc;
    this.configured = configured;
  }

  /// The `n`-th of them.
  public record NumberedStatement(long n, KeyringEvent event, Instant at) {}

  /// Those after the one with this number.
  public List<NumberedStatement> after(long n) {
    return jdbc.sql(
            """
            select n, kind, envelope, at from gateway_statement where n > ? order by n
            """)
        .params(n)
        .query((row, _) -> signed(row))
        .list();
  }

  private static NumberedStatement signed(ResultSet row) throws SQLException {
    var envelope = Envelope.parse(CanonicalJson.parse(Bytes.ofUtf8(row.getString("envelope"))));
    var at = row.getObject("at", OffsetDateTime.class).toInstant();
    return new NumberedStatement(
        row.getLong("n"), event(EntryType.parse(row.getString("kind")), envelope), at);
  }

  static KeyringEvent event(EntryType kind, Envelope envelope) {
    return kind == EntryType.GATEWAY_REVOKE
        ? new KeyringEvent.GatewayRevoked(envelope)
        : new KeyringEvent.AuthorityChanged(envelope);
  }

  /// Another text whenever another set of them is there.
  public String state() {
    return jdbc.sql(
            """
            select count(*) || ' ' || coalesce(sum(hashtextextended(envelope, 0)), 0)
              from gateway_statement
            """)
        .query(String.class)
        .single();
  }

  /// Keeps others from adding one, and boots from beginning, until the transaction ends.
  public void lock() {
    jdbc.sql("lock table gateway_statement in share row exclusive mode").update();
  }

  /// Keeps others from adding one until the transaction ends, and holds up nobody who only does
  /// this.
  public void hold() {
    jdbc.sql("lock table gateway_statement in share mode").update();
  }

  /// Adds one; the same one a second time changes nothing. The caller has checked it.
  public void add(KeyringEvent event, Optional<KeyId> revoked, Instant at) {
    jdbc.sql(
            """
            insert into gateway_statement (kind, revoked_key, envelope, at) values (?, ?, ?, ?)
            on conflict (envelope) do nothing
            """)
        .param(event.type().word())
        .param(revoked.map(KeyId::hex).orElse(null))
        .param(CanonicalJson.text(event.envelope().toJson()))
        .param(at.atOffset(ZoneOffset.UTC))
        .update();
  }

  /// Which gateways this server trusts, whatever single tenants objected to. Rows are believed as
  /// far as the configured authority signed them, but for revocations, which can only refuse.
  public GatewayTrust trust() {
    return trust(after(0));
  }

  /// The same, if these are all that there is.
  public GatewayTrust trust(List<NumberedStatement> all) {
    var trust = configured;
    for (var signed : all) {
      var envelope = signed.event.envelope();
      if (signed.event instanceof KeyringEvent.GatewayRevoked) {
        trust = trust.after(GatewayRevocation.parse(envelope));
      } else {
        var change = AuthorityChange.parse(envelope);
        if (trust.fault(envelope, change, signed.at).isEmpty()) {
          trust = trust.after(change, signed.at, envelope.payload().sha256());
        }
      }
    }
    return trust;
  }
}
