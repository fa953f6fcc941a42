package org.openlockbox.portal.audit;

import java.util.HashMap;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.log.entry.Histories;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/// One entry of a tenant's log with the proof that it is in the log, for the browser to compute.
@Controller
public final class EntryPages {
  private final PortalEdge.Parts parts;
  private final Store store;
  private final Histories histories;

  public EntryPages(PortalEdge.Parts parts, Store store, Histories histories) {
    this.parts = parts;
    this.store = store;
    this.histories = histories;
  }

  @GetMapping("/audit/entries/{n}")
  ResponseEntity<byte[]> show(Visitor visitor, @PathVariable String n) {
    var tenant = AuditAccess.tenant(visitor);
    var stored = published(tenant, n);
    var entry = stored.read();
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("index", stored.seq());
    model.put("type", entry.type().word());
    model.put("at", entry.time());
    model.put("sha256", stored.sha256().hex());
    model.put("bytes", stored.bytes().utf8());
    model.put("request", entry.body().request().map(Object::toString));
    return parts.pages().page("audit/entry", model);
  }

  /// The exact bytes of the entry, the hashes beside its way up to the root, and the checkpoint.
  @GetMapping("/audit/entries/{n}/proof")
  ResponseEntity<byte[]> proof(Visitor visitor, @PathVariable String n) {
    var tenant = AuditAccess.tenant(visitor);
    var stored = published(tenant, n);
    var proof = histories.proof(tenant, stored.seq()).orElseThrow(Problem::notFound);
    var json = Json.object().put("entry", stored.bytes()).put("proof", proof).build();
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .header("Cache-Control", "no-store")
        .body(CanonicalJson.bytes(json));
  }

  /// The entry of this index, if a checkpoint proves it.
  private StoredEntry published(TenantId tenant, String n) {
    long index = index(n);
    var reader = store.reader();
    long size = reader.checkpoint(tenant).map(LogReader.PublishedCheckpoint::size).orElse(0L);
    if (index >= size) {
      throw Problem.notFound();
    }
    return reader.entries(tenant, index, 1).getFirst();
  }

  private static long index(String text) {
    if (!text.matches("[0-9]{1,15}")) {
      throw Problem.notFound();
    }
    return Long.parseLong(text);
  }
}
