package org.openlockbox.server.tenant;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.core.keyring.GatewayRevocation;
import org.openlockbox.core.keyring.GatewayTrust;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringCheck;
import org.openlockbox.core.keyring.KeyringStep;
import org.openlockbox.core.keyring.LogKeysChange;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.tenant.LogHost;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.database.Rows;
import org.openlockbox.server.log.TenantLogs;
import org.openlockbox.server.log.append.LogBatch;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.tree.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The tenants and their keyrings. A keyring is never stored: it is replayed from the signed
/// entries of the tenant's own log, so a row written by hand enrols nobody.
public final class Tenants {
  private static final Logger LOG = LoggerFactory.getLogger(Tenants.class);

  private final JdbcClient jdbc;
  private final TenantLogs logs;
  private final LogReader reader;
  private final LogKeys keys;
  private final Founding founding;
  private final GatewayStatements statements;
  private final InstantSource clock;
  private final SecureRandom random;
  private final ReplayedKeyrings keyrings;

  /// What a genesis has to say to be accepted here.
  public record Founding(LogHost logHost, VerifyingKey gatewayAuthority) {
    GatewayTrust trust() {
      return GatewayTrust.of(logHost, gatewayAuthority);
    }
  }

  public Tenants(
      JdbcClient jdbc,
      TenantLogs logs,
      LogReader reader,
      LogKeys keys,
      Founding founding,
      InstantSource clock,
      SecureRandom random) {
    this.jdbc = jdbc;
    this.logs = logs;
    this.reader = reader;
    this.keys = keys;
    this.founding = founding;
    this.statements = new GatewayStatements(jdbc, founding.trust());
    this.clock = clock;
    this.random = random;
    this.keyrings = new ReplayedKeyrings(reader);
  }

  /// A tenant as it was founded.
  public record Tenant(TenantId id, String name, LogOrigin origin, Hash pin) {}

  public LogOrigin origin(TenantId id) {
    return LogOrigin.of(founding.logHost.value(), id);
  }

  /// What checkpoints of this tenant's log will be verified with, if it is founded now.
  public LogVerifier logKeys(TenantId id) {
    return keys.verifier(origin(id).value());
  }

  /// The slot in every epoch that the next tenant gets.
  public long nextSlot() {
    return jdbc.sql("select coalesce(max(slot) + 1, 0) from tenant").query(Long.class).single();
  }

  /// What the gateway authority signed for all tenants.
  public GatewayStatements gatewayStatements() {
    return statements;
  }

  /// The same, read over this connection.
  public GatewayStatements gatewayStatements(JdbcClient over) {
    return new GatewayStatements(over, founding.trust());
  }

  /// The authority that a tenant which is founded now names: the one that follows, if one does.
  public VerifyingKey gatewayAuthority() {
    return statements.trust().authorities().getLast();
  }

  public Optional<Tenant> find(TenantId id) {
    return jdbc.sql("select id, name, origin, pin from tenant where id = ?")
        .params(id.value())
        .query((row, n) -> tenant(row))
        .optional();
  }

  /// What people call it; its id where nobody has founded it.
  public String name(TenantId id) {
    return find(id).map(Tenant::name).orElse(id.value());
  }

  /// What people call these tenants, as far as they are founded.
  public Map<String, String> names(Collection<String> ids) {
    var names = new HashMap<String, String>();
    jdbc.sql("select id, name from tenant where id = any (?)")
        .param(ids.toArray(String[]::new))
        .query(
            row -> {
              names.put(row.getString("id"), row.getString("name"));
            });
    return names;
  }

  /// The first tenants in the order of their names whose name or id has this text in it; one that
  /// is called so is the first.
  public List<Tenant> matching(String text, int most) {
    return jdbc.sql(
            """
            select id, name, origin, pin from tenant
             where position(lower(:text) in lower(name)) > 0 or position(lower(:text) in id) > 0
             order by lower(:text) not in (lower(name), id), lower(name) collate "C", id
             limit :most
            """)
        .param("text", text)
        .param("most", most)
        .query((row, n) -> tenant(row))
        .list();
  }

  public List<Tenant> all() {
    return jdbc.sql("select id, name, origin, pin from tenant order by id")
        .query((row, n) -> tenant(row))
        .list();
  }

  private static Tenant tenant(ResultSet row) throws SQLException {
    return new Tenant(
        new TenantId(row.getString("id")),
        row.getString("name"),
        new LogOrigin(row.getString("origin")),
        Hash.ofHex(row.getString("pin")));
  }

  /// Founds a tenant with the genesis that its approvers signed, inside the caller's transaction.
  /// If the epoch log is not the first one, its log says so next.
  public Tenant found(TenantId id, String name, Envelope envelope) {
    if (find(id).isPresent()) {
      throw Problem.conflict("tenant_exists", "there is a tenant " + id + " already");
    }
    fault(id, name, Genesis.parse(envelope.payloadJson()))
        .ifPresent(
            why -> {
              throw Problem.refused("genesis", why)
                  .withHint("prepare it again: lockbox tenant create");
            });
    var event = new KeyringEvent.Founded(envelope);
    insert(id, name, nextSlot(), Genesis.parse(envelope.payloadJson()).logKeys());
    logs.create(id);
    var batch = logs.lock(id);
    var entry = batch.append(id, event);
    tellGateways(
        batch, id, ReplayedKeyrings.accepted(Keyring.found(step(event, entry, batch.now()))));
    reader.epochRecovery().ifPresent(recovery -> batch.append(id, recovery));
    logs.writeSigned(batch);
    Rows.one(
        jdbc.sql("update tenant set pin = ? where id = ?")
            .params(entry.sha256().hex(), id.value())
            .update());
    return new Tenant(id, name, origin(id), entry.sha256());
  }

  /// Whoever founds another tenant at the same time may have got the slot.
  private void insert(TenantId id, String name, long slot, LogVerifier logKeys) {
    try {
      insertRow(id, name, slot, logKeys);
    } catch (DuplicateKeyException e) {
      throw Problem.conflict("slot_taken", "another tenant was founded just now; try again");
    }
  }

  private void insertRow(TenantId id, String name, long slot, LogVerifier logKeys) {
    byte[] headSecret = new byte[Hash.LENGTH];
    random.nextBytes(headSecret);
    jdbc.sql(
            """
            insert into tenant (id, name, origin, pin, slot, head_secret, log_keys, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            id.value(),
            name,
            origin(id).value(),
            "0".repeat(64),
            slot,
            headSecret,
            LogKeyRows.id(logKeys),
            clock.instant().atOffset(ZoneOffset.UTC))
        .update();
  }

  /// Why this genesis cannot found this tenant here and now, whoever signs it.
  public Optional<String> fault(TenantId id, String name, Genesis genesis) {
    return Stream.of(
            rule(genesis.tenant().equals(id), "the genesis was signed for another tenant"),
            rule(genesis.name().equals(name), "the genesis was signed for another name"),
            rule(genesis.origin().equals(origin(id)), "the genesis was signed for another log"),
            rule(keys.has(genesis.logKeys()), "the genesis names other log keys"),
            rule(genesis.slot() == nextSlot(), "another tenant has got the slot since"),
            rule(
                genesis.gatewayAuthority().equals(gatewayAuthority()),
                "the genesis names another gateway authority"))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> rule(boolean holds, String otherwise) {
    return holds ? Optional.empty() : Optional.of(otherwise);
  }

  /// Changes a key, the settings or the policy as the envelope says, if a quorum signed it. The
  /// caller holds the log locked with this batch, and writes it.
  public Keyring change(LogBatch batch, TenantId id, Envelope envelope) {
    var event = KeyringEvent.of(envelope);
    var keyring = keyring(id);
    var entry = batch.append(id, event);
    return ReplayedKeyrings.accepted(keyring.apply(step(event, entry, batch.now())));
  }

  private static KeyringStep step(KeyringEvent event, StoredEntry entry, Instant at) {
    return event.step(entry.seq(), at, entry.sha256());
  }

  /// Puts into the tenant's log what the gateway authority signed since it was told last, and says
  /// what that was. The caller holds the log locked with this batch, and writes it.
  public List<KeyringEvent> tellGateways(LogBatch batch, TenantId id) {
    return tellGateways(batch, id, keyring(id));
  }

  /// A change that this tenant's log cannot take, because the tenant objected to an authority or
  /// names another, is left out. A revocation that it cannot take waits until it can.
  private List<KeyringEvent> tellGateways(LogBatch batch, TenantId id, Keyring before) {
    var keyring = before;
    var told = new ArrayList<KeyringEvent>();
    var pending = new HashMap<Long, KeyId>();
    long newest = told(id);
    for (var signed : statements.untold(id)) {
      boolean isFirst = signed.n() > newest;
      newest = Math.max(newest, signed.n());
      var revoked = revoked(signed.event());
      if (revoked.filter(keyring.gateways().revoked()::contains).isPresent()) {
        continue; // a second revocation of a key says nothing new
      }
      var trial =
          signed
              .event()
              .step(keyring.since() + 1, batch.now(), signed.event().envelope().payload().sha256());
      switch (keyring.apply(trial)) {
        case KeyringCheck.Valid _ -> {
          var entry = batch.append(id, signed.event());
          keyring =
              ReplayedKeyrings.accepted(keyring.apply(step(signed.event(), entry, batch.now())));
          told.add(signed.event());
        }
        case KeyringCheck.Invalid(var _, var why) -> {
          revoked.ifPresent(key -> pending.put(signed.n(), key));
          if (isFirst) {
            LOG.error("the log of {} is not told {}: {}", id, signed.event().type().word(), why);
          }
        }
      }
    }
    pending.values().removeAll(keyring.gateways().revoked());
    var next = keyring.gateways().next().map(GatewayTrust.NextAuthority::takesEffect);
    new PendingRevocations(jdbc).set(id, pending.keySet(), next.filter(batch.now()::isBefore));
    Rows.one(
        jdbc.sql("update tenant set gateways_told = ? where id = ?")
            .params(newest, id.value())
            .update());
    return told;
  }

  private static Optional<KeyId> revoked(KeyringEvent event) {
    return event instanceof KeyringEvent.GatewayRevoked(var envelope)
        ? Optional.of(GatewayRevocation.parse(envelope).key())
        : Optional.empty();
  }

  private long told(TenantId id) {
    return jdbc.sql("select gateways_told from tenant where id = ?")
        .params(id.value())
        .query(Long.class)
        .single();
  }

  /// The tenants whose logs were not told of everything, and those where a revocation can be tried
  /// again.
  public List<TenantId> withUntoldGateways() {
    return jdbc.sql(
            """
            select id from tenant
             where gateways_told < (
                   select coalesce(max(n), 0) from gateway_statement where not lost)
             union
            select tenant_id from pending_revocation where retry_at <= ?
             order by id
            """)
        .params(clock.instant().atOffset(ZoneOffset.UTC))
        .query((row, n) -> new TenantId(row.getString("id")))
        .list();
  }

  /// Hands a log over to the next pair of keys, in the caller's transaction, unless that signs it
  /// already. The entry and the first checkpoint that the new pair signs appear together.
  void rotateLogKeys(TenantId id) {
    var batch = logs.lock(id);
    var keyring = keyring(id);
    var next = keys.verifier(origin(id).value());
    if (!keyring.checkpointKeys().newest().equals(next)) {
      var change = new LogKeysChange(id, origin(id), keyring.last(), next);
      var event =
          new KeyringEvent.LogKeysChanged(keys.rotation(change, keyring.checkpointKeys().newest()));
      var entry = batch.append(id, event);
      ReplayedKeyrings.accepted(
          keyring.apply(event.step(entry.seq(), batch.now(), entry.sha256())));
      logs.writeSigned(batch);
    }
    new LogKeyRows(jdbc).set(id, next);
  }

  /// The tenants whose keyring was changed since genesis: no other has settings.
  public List<TenantId> withChanges() {
    return jdbc.sql("select tenant_id from log_head where keyring_seq > 0 order by tenant_id")
        .query((row, n) -> new TenantId(row.getString("tenant_id")))
        .list();
  }

  /// The keyring in force now.
  public Keyring keyring(TenantId id) {
    return keyrings.keyring(id);
  }

  /// Those of several tenants; of one that has none to be read here, none.
  public Map<TenantId, Keyring> keyrings(Collection<TenantId> ids) {
    return keyrings.keyrings(ids);
  }

  /// Genesis and every change of the keyring, as they stand in the log.
  public List<StoredEntry> keyringEntries(TenantId id) {
    return reader.keyring(id);
  }
}
