package org.openlockbox.server.erasure;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.tenant.Store;

/// Erases the texts that are older than the retention period of their kind, as the tenant's signed
/// settings say. A run erases a bounded number of texts of one tenant in one transaction, with one
/// entry that cites the settings and that every verifier recomputes. Safe on several servers at
/// once: who holds the log's head looks again at what is left to do.
public final class Retention {
  /// How often a server looks for what is due.
  public static final Duration PAUSE = Duration.ofMinutes(5);

  /// How many batches a run erases at most; appends of the tenant wait for it.
  private static final int BATCHES = 50;

  private final Store store;
  private final TextCopies copies;
  private final InstantSource clock;

  /// Up to where nothing of a kind was found: a saving, no more.
  private final Map<TenantTexts, Long> looked = new ConcurrentHashMap<>();

  private record TenantTexts(TenantId tenant, TextKind kind) {}

  public Retention(Store store, TextCopies copies, InstantSource clock) {
    this.store = store;
    this.copies = copies;
    this.clock = clock;
  }

  /// Erases all that is due.
  public void round() {
    for (var tenant : store.tenants().withChanges()) {
      if (!store.tenants().keyring(tenant).settings().retention().isEmpty()) {
        boolean more;
        do {
          more = store.within(() -> run(tenant));
        } while (more);
      }
    }
  }

  /// What a run erases: of each kind, everything before an index.
  private record ErasureBatch(
      TreeMap<TextKind, Long> before, List<StoredEntry> entries, Set<Commitment> commitments) {}

  /// Whether there may be more to erase.
  private boolean run(TenantId tenant) {
    var keyring = store.tenants().keyring(tenant);
    if (due(tenant, keyring, clock.instant()).before().isEmpty()) {
      return false;
    }
    var batch = store.logs().lock(tenant);
    keyring = store.tenants().keyring(tenant);
    var due = due(tenant, keyring, batch.now());
    if (due.before().isEmpty()) {
      return false;
    }
    store.texts().erase(tenant, due.entries(), due.commitments());
    eraseCopies(tenant, due);
    batch.append(tenant, new ErasedEvent.RetentionOver(keyring.settingsSince(), due.before()));
    store.logs().writeSigned(batch);
    return true;
  }

  private ErasureBatch due(TenantId tenant, Keyring keyring, Instant now) {
    var due = new ErasureBatch(new TreeMap<>(), new ArrayList<>(), new HashSet<>());
    var done = done(tenant);
    keyring
        .settings()
        .retention()
        .forEach(
            (kind, period) ->
                add(due, tenant, kind, done.getOrDefault(kind, 0L), now.minus(period)));
    return due;
  }

  /// Adds texts of this kind from this index on, up to the first that is not old enough.
  private void add(ErasureBatch due, TenantId tenant, TextKind kind, long from, Instant cutoff) {
    var place = new TenantTexts(tenant, kind);
    long next = Math.max(from, looked.getOrDefault(place, 0L));
    while (!due.before().containsKey(kind)) {
      var entries = store.reader().withTexts(tenant, next, BATCHES);
      for (var entry : entries) {
        if (entry.read().time().isAfter(cutoff)) {
          return;
        }
        next = entry.seq() + 1;
        add(due, entry, kind);
      }
      if (entries.isEmpty()) {
        return;
      }
      if (!due.before().containsKey(kind)) {
        looked.put(place, next);
      }
    }
  }

  private static void add(ErasureBatch due, StoredEntry entry, TextKind kind) {
    for (var text : entry.read().body().texts()) {
      if (text.kind() == kind) {
        due.entries().add(entry);
        due.commitments().add(text.commitment());
        due.before().put(kind, entry.seq() + 1);
      }
    }
  }

  /// How far each kind was erased by earlier runs.
  private Map<TextKind, Long> done(TenantId tenant) {
    var done = new TreeMap<TextKind, Long>();
    for (var entry : store.reader().erasures(tenant)) {
      if (entry.read().body() instanceof ErasedEvent.RetentionOver expired) {
        expired.before().forEach((kind, before) -> done.merge(kind, before, Math::max));
      }
    }
    return done;
  }

  private void eraseCopies(TenantId tenant, ErasureBatch due) {
    var requests = new ArrayList<RequestId>();
    for (var entry : due.entries()) {
      if (entry.read().body() instanceof RequestEvent.Requested requested) {
        requests.add(requested.about());
      }
    }
    copies.erase(tenant, requests, due.before().keySet());
  }
}
