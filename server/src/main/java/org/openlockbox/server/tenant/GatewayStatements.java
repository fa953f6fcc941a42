package org.openlockbox.server.tenant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.GatewayTrust;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What the gateway authority signed for the logs of all tenants: revocations of gateways' keys and
/// changes of the authority itself, kept as signed, in the order in which they came. None is ever
/// deleted: a revocation ends a key for good, and each change is what the next one follows. What a
/// restore loses is in a [GatewayStatementFile] of each server. A change that was lost comes back
/// as lost: every server sees it, and no log is told.
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

  /// Those that this database took, and the changes of the authority that it had lost.
  public record AllStatements(List<NumberedStatement> taken, List<NumberedStatement> lost) {
    public AllStatements {
      taken = List.copyOf(taken);
      lost = List.copyOf(lost);
    }

    /// With those of these that are missing: a revocation counts as taken, a change as lost.
    public AllStatements with(List<NumberedStatement> remembered) {
      var known = envelopes();
      var allTaken = new ArrayList<>(taken);
      var allLost = new ArrayList<>(lost);
      for (var each : remembered) {
        if (!known.contains(each.event.envelope())) {
          (each.event instanceof KeyringEvent.GatewayRevoked ? allTaken : allLost).add(each);
        }
      }
      return new AllStatements(allTaken, allLost);
    }

    /// All of them.
    public List<NumberedStatement> both() {
      return Stream.concat(taken.stream(), lost.stream()).toList();
    }

    /// What was signed, without when it came.
    public Set<Envelope> envelopes() {
      return both().stream().map(each -> each.event.envelope()).collect(Collectors.toSet());
    }
  }

  /// What is in the table.
  public AllStatements all() {
    var taken = new ArrayList<NumberedStatement>();
    var lost = new ArrayList<NumberedStatement>();
    jdbc.sql("select n, kind, envelope, at, lost from gateway_statement order by n")
        .query(
            row -> {
              (row.getBoolean("lost") ? lost : taken).add(signed(row));
            });
    return new AllStatements(taken, lost);
  }

  /// Those that the log of this tenant was not told of, and the revocations that it could not take.
  List<NumberedStatement> untold(TenantId tenant) {
    return jdbc.sql(
            """
            select s.n, s.kind, s.envelope, s.at from gateway_statement s
             where not s.lost
               and (s.n > (select gateways_told from tenant where id = ?)
                    or s.n in (select n from pending_revocation where tenant_id = ?))
             order by s.n
            """)
        .params(tenant.value(), tenant.value())
        .query((row, _) -> signed(row))
        .list();
  }

  /// Those that end this key.
  public List<Envelope> revocations(KeyId key) {
    return jdbc.sql(
            """
            select n, kind, envelope, at from gateway_statement where revoked_key = ? order by n
            """)
        .params(key.hex())
        .query((row, _) -> signed(row).event.envelope())
        .list();
  }

  /// Whether the log of some tenant could not take a revocation of this key yet.
  public boolean isPending(KeyId key) {
    return jdbc.sql(
            """
            select exists (
                   select from pending_revocation p
                     join gateway_statement s on s.n = p.n
                    where s.revoked_key = ?)
            """)
        .params(key.hex())
        .query(Boolean.class)
        .single();
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

  /// Adds a change of the authority that this database had lost.
  ///
  /// @return whether it was not there
  public boolean addLost(KeyringEvent.AuthorityChanged change, Instant at) {
    return jdbc.sql(
                """
                insert into gateway_statement (kind, envelope, at, lost) values (?, ?, ?, true)
                on conflict (envelope) do nothing
                """)
            .params(
                change.type().word(),
                CanonicalJson.text(change.envelope().toJson()),
                at.atOffset(ZoneOffset.UTC))
            .update()
        > 0;
  }

  /// Adds one; the same one a second time changes nothing, unless it was lost. The caller has
  /// checked it.
  public void add(KeyringEvent event, Optional<KeyId> revoked, Instant at) {
    jdbc.sql("delete from gateway_statement where envelope = ? and lost")
        .param(CanonicalJson.text(event.envelope().toJson()))
        .update();
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

  /// Which gateways this server trusts, whatever single tenants objected to.
  public GatewayTrust trust() {
    return ProviderTrust.accepted(configured, all().taken()).trust();
  }

  /// The same at this time, with what the database has lost.
  public ProviderTrust trust(AllStatements all, Instant at) {
    return ProviderTrust.of(configured, all, at);
  }
}
