package org.openlockbox.server.api.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.history.Erasures;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.tenant.Store;

/// What of an entry's texts was erased, as JSON (docs/api.md).
public final class ErasedView {
  private final Erasures erasures;

  private ErasedView(Erasures erasures) {
    this.erasures = erasures;
  }

  public static ErasedView of(Store store, TenantId tenant) {
    var entries = store.reader().erasures(tenant).stream().map(StoredEntry::read).toList();
    return new ErasedView(Erasures.kept(store.tenants().keyring(tenant), entries));
  }

  /// One object for each text of the entry at this index that was erased.
  public List<Json> of(long seq, EntryBody body) {
    var erased = new ArrayList<Json>();
    for (var text : body.texts()) {
      erasures
          .of(seq, text.kind())
          .ifPresent(
              by ->
                  erased.add(
                      Json.object()
                          .put("kind", text.kind().word())
                          .put("time", by.at())
                          .put("by", by.by())
                          .put("reason", by.why())
                          .put("index", by.seq())
                          .build()));
    }
    return erased;
  }

  /// The erasures that concern any of these entries.
  static List<StoredEntry> about(Store store, TenantId tenant, List<StoredEntry> entries) {
    var bodies = new HashMap<Long, EntryBody>();
    entries.forEach(entry -> bodies.put(entry.seq(), entry.read().body()));
    return store.reader().erasures(tenant).stream()
        .filter(
            erasure ->
                erasure.read().body() instanceof ErasedEvent event
                    && bodies.entrySet().stream()
                        .anyMatch(e -> covers(event, erasure.seq(), e.getKey(), e.getValue())))
        .toList();
  }

  private static boolean covers(ErasedEvent event, long own, long seq, EntryBody body) {
    return seq < own && body.texts().stream().anyMatch(text -> event.covers(own, seq, text.kind()));
  }
}
