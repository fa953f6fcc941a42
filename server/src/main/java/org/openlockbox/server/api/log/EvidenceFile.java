package org.openlockbox.server.api.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.bundle.Bundle;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.CommittedText;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.server.log.entry.Histories;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/// All that is needed to check one request offline, as one file. For those who may see what was
/// done under it; that is checked before.
public final class EvidenceFile {
  private EvidenceFile() {}

  public static ResponseEntity<byte[]> of(Store store, Histories histories, StoredRequest stored) {
    var tenant = stored.tenant();
    var reader = store.reader();
    var checkpoint = reader.checkpoint(tenant).orElseThrow(Problem::notFound);
    var entries = new ArrayList<StoredEntry>(reader.keyring(tenant));
    entries.addAll(reader.recoveries(tenant));
    var about = reader.about(tenant, stored.id(), 0, Integer.MAX_VALUE);
    entries.addAll(histories.tickets(tenant, about));
    entries.addAll(about);
    entries.addAll(ErasedView.about(store, tenant, entries));
    var proven = histories.prove(tenant, checkpoint, entries);
    var kept = store.texts().of(tenant, entries);
    var texts = new HashMap<Commitment, OpenedText>();
    for (var entry : proven.entries()) {
      for (var committed : entry.entry().read().body().texts()) {
        opened(committed, kept).ifPresent(text -> texts.put(text.commitment(), text));
      }
    }
    var bundle = Bundle.of(stored.id(), proven.logged(), checkpoint.note().format(), texts);
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType("application/zip"))
        .header("Content-Disposition", "attachment; filename=\"%s.zip\"".formatted(stored.id()))
        .header("Cache-Control", "no-store")
        .body(bundle.bytes().toArray());
  }

  /// The text, if it is kept and opens the commitment.
  private static Optional<OpenedText> opened(
      CommittedText committed, Map<Commitment, OpenedText> texts) {
    return Optional.ofNullable(texts.get(committed.commitment()))
        .filter(text -> text.commitment().equals(committed.commitment()));
  }
}
