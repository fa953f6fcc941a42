package org.openlockbox.server.epoch;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.LogReader;
import org.openlockbox.server.tenant.Tenants;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.SignedNote;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The witnesses that tenants run for their own logs. Where one is reached is the server's
/// configuration, so that nobody makes the server call addresses of their choice; whose keys count
/// is in the tenant's signed settings. Only tenants that have both cost anything.
public final class OwnWitnesses implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OwnWitnesses.class);

  private final JdbcClient jdbc;
  private final LogReader reader;
  private final Tenants tenants;
  private final Map<TenantId, URI> addresses;
  private final Map<TenantId, Asked> asked = new ConcurrentHashMap<>();

  private record Asked(WitnessPolicy policy, Witnesses witness) {}

  public OwnWitnesses(
      JdbcClient jdbc, LogReader reader, Tenants tenants, Map<TenantId, URI> addresses) {
    this.jdbc = jdbc;
    this.reader = reader;
    this.tenants = tenants;
    this.addresses = Map.copyOf(addresses);
  }

  /// Asks each of them for what their log has grown by.
  public void round() {
    for (var tenant : addresses.keySet()) {
      try {
        if (tenants.find(tenant).isPresent()) {
          ask(tenant);
        }
      } catch (RuntimeException e) {
        LOG.warn("the own witness of {} was not asked: {}", tenant, e.toString());
      }
    }
  }

  private void ask(TenantId tenant) {
    var policy = tenants.keyring(tenant).settings().ownWitness();
    var newest = reader.checkpoint(tenant);
    if (!policy.demands() || newest.isEmpty()) {
      return;
    }
    var known = last(tenant).filter(note -> policy.witnessed(note).isPresent());
    if (known.filter(note -> size(note) >= newest.get().size()).isPresent()) {
      return;
    }
    var checkpoint = Checkpoint.parse(newest.get().note().text());
    var lines =
        witness(tenant, policy)
            .cosign(newest.get().note(), checkpoint, () -> reader.tree(tenant, checkpoint.size()))
            .lines();
    var note = newest.get().note();
    for (var line : lines) {
      note = note.with(line);
    }
    if (policy.witnessed(note).isPresent()) {
      keep(tenant, checkpoint.size(), note);
    }
  }

  private Witnesses witness(TenantId tenant, WitnessPolicy policy) {
    var known = asked.get(tenant);
    if (known != null && known.policy().equals(policy)) {
      return known.witness();
    }
    var address = addresses.get(tenant);
    if (address == null) {
      throw new IllegalStateException("no own witness is configured for " + tenant);
    }
    var made = new Witnesses(List.of(new Witnesses.Witness(address, policy.keys())));
    asked.put(tenant, new Asked(policy, made));
    if (known != null) {
      known.witness().close();
    }
    return made;
  }

  private void keep(TenantId tenant, long size, SignedNote note) {
    jdbc.sql(
            """
            insert into own_checkpoint (tenant_id, size, note) values (?, ?, ?)
            on conflict (tenant_id) do update set size = excluded.size, note = excluded.note
             where own_checkpoint.size <= excluded.size
            """)
        .params(tenant.value(), size, note.format())
        .update();
  }

  /// What the tenant's own witness cosigned last.
  public Optional<SignedNote> last(TenantId tenant) {
    return jdbc.sql("select note from own_checkpoint where tenant_id = ?")
        .params(tenant.value())
        .query((row, n) -> SignedNote.parse(row.getString("note")))
        .optional();
  }

  static long size(SignedNote note) {
    return Checkpoint.parse(note.text()).size();
  }

  @Override
  public void close() {
    asked.values().forEach(one -> one.witness().close());
  }
}
