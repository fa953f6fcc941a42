package org.openlockbox.server.epoch;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.problem.RepeatedFailures;
import org.openlockbox.server.tenant.Tenants;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.SignedNote;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The witnesses that tenants run for their own logs. Where one is reached is the server's
/// configuration, so that nobody makes the server call addresses of their choice; whose keys count
/// is in the tenant's signed settings. Only tenants that have both cost anything.
public final class TenantWitnesses implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TenantWitnesses.class);

  /// Each takes a few seconds at most, and its proof some reads of the database.
  private static final int AT_ONCE = 64;

  private final RepeatedFailures lasting = new RepeatedFailures(LOG);
  private final JdbcClient jdbc;
  private final LogReader reader;
  private final Tenants tenants;
  private final LogKeys keys;
  private final Map<TenantId, URI> addresses;
  private final Map<TenantId, WitnessClient> asked = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().name("own-witness-", 0).factory());

  private record WitnessClient(WitnessPolicy policy, Witnesses witness) {}

  public TenantWitnesses(
      JdbcClient jdbc,
      LogReader reader,
      Tenants tenants,
      LogKeys keys,
      Map<TenantId, URI> addresses) {
    this.jdbc = jdbc;
    this.keys = keys;
    this.reader = reader;
    this.tenants = tenants;
    this.addresses = Map.copyOf(addresses);
  }

  /// Asks each of them for what their log has grown by: many at once, so that one that is away or
  /// slow takes no time from the others.
  public void round() {
    addresses.keySet().stream()
        .flatMap(tenant -> trying(tenant, () -> due(tenant)).stream())
        .map(due -> CompletableFuture.runAsync(() -> trying(due.tenant(), () -> ask(due)), threads))
        .toList()
        .forEach(CompletableFuture::join);
  }

  private <T> Optional<T> trying(TenantId tenant, Supplier<Optional<T>> step) {
    try {
      return step.get();
    } catch (RuntimeException | Error e) {
      lasting.warn("the own witness of " + tenant, "was not asked: " + e);
      return Optional.empty();
    }
  }

  /// A log that has grown since its tenant's witness cosigned it last.
  private record CosignatureDue(TenantId tenant, WitnessPolicy policy, SignedNote newest) {}

  private Optional<CosignatureDue> due(TenantId tenant) {
    if (tenants.find(tenant).isEmpty()) {
      return Optional.empty();
    }
    var policy = tenants.keyring(tenant).settings().ownWitness();
    var newest = reader.checkpoint(tenant);
    if (!policy.demands() || newest.isEmpty()) {
      return Optional.empty();
    }
    var known = last(tenant).filter(note -> policy.witnessed(note).isPresent());
    return known.filter(note -> size(note) >= newest.get().size()).isPresent()
        ? Optional.empty()
        : Optional.of(new CosignatureDue(tenant, policy, signed(tenant, newest.get().note())));
  }

  /// A witness that was not told of the next keys yet knows the old ones: while these are here,
  /// they sign as well.
  private SignedNote signed(TenantId tenant, SignedNote newest) {
    return keys.withOthers(tenants.origin(tenant).value(), newest);
  }

  private Optional<SignedNote> ask(CosignatureDue due) {
    var tenant = due.tenant();
    var checkpoint = Checkpoint.parse(due.newest().text());
    var lines =
        witness(tenant, due.policy())
            .cosign(
                due.newest(),
                checkpoint,
                () -> reader.tree(tenant, checkpoint.size()),
                () -> reader.size(tenant))
            .lines();
    var note = due.newest();
    for (var line : lines) {
      note = note.with(line);
    }
    if (due.policy().witnessed(note).isEmpty()) {
      return Optional.empty();
    }
    keep(tenant, checkpoint.size(), note);
    return Optional.of(note);
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
    var made = new Witnesses(List.of(new Witnesses.WitnessEndpoint(address, policy.keys())));
    asked.put(tenant, new WitnessClient(policy, made));
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
  Optional<SignedNote> last(TenantId tenant) {
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
    threads.shutdownNow();
    asked.values().forEach(one -> one.witness().close());
  }
}
