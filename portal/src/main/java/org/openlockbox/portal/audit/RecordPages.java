package org.openlockbox.portal.audit;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.api.log.EvidenceFile;
import org.openlockbox.server.audit.RequestSearch;
import org.openlockbox.server.gateway.SessionRows;
import org.openlockbox.server.log.entry.Histories;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/// What was done under a request: for the tenant's people, and for the engineer of the request. To
/// read page by page, and to take along.
@Controller
public final class RecordPages {
  private static final int PAGE = 100;
  private static final int BATCHES = 20;
  private static final int MOST_SESSIONS = 200;

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final Histories histories;
  private final Visibility visibility;
  private final InstantSource clock;

  public RecordPages(
      PortalEdge.Parts parts,
      Provider provider,
      Store store,
      Histories histories,
      Visibility visibility,
      InstantSource clock) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.histories = histories;
    this.visibility = visibility;
    this.clock = clock;
  }

  @GetMapping("/requests/{r}/record")
  ResponseEntity<byte[]> show(
      Visitor visitor, @PathVariable String r, @RequestParam(defaultValue = "0") long from) {
    var stored = visibility.evidence(visitor.caller(), null, r);
    var entries = entries(stored, Math.max(0, from));
    var page = entries.subList(0, Math.min(PAGE, entries.size()));
    var texts = store.texts().beginnings(stored.tenant(), page);
    var lines = new RecordLines(visitor.frame(), texts).of(page);
    var sessions =
        new SessionRows(store.jdbc()).ofRequest(stored.tenant(), stored.id(), MOST_SESSIONS);
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("line", RequestLine.of(provider, visitor.frame(), stored));
    model.put("sessions", sessions);
    model.put(
        "use", new RequestSearch(store.jdbc(), stored.tenant(), clock.instant()).use(stored.id()));
    model.put("steps", RecordStep.of(lines));
    model.put("first", from == 0);
    model.put(
        "next",
        entries.size() > PAGE ? Optional.of(entries.get(PAGE).seq()) : Optional.<Long>empty());
    model.put("drawing", RecordLanes.of(visitor.frame(), stored, sessions, lines));
    model.put("checkable", AuditAccess.may(visitor));
    return parts.pages().page("audit/record", model);
  }

  /// The request's entries from index `from` on, more than a page if there are more.
  private List<StoredEntry> entries(StoredRequest stored, long from) {
    var reader = store.reader();
    var entries = new ArrayList<StoredEntry>();
    var next = reader.next(stored.tenant(), stored.id(), from, BATCHES);
    while (!next.isEmpty() && entries.size() <= PAGE) {
      entries.addAll(next);
      next = reader.next(stored.tenant(), stored.id(), entries.getLast().seq() + 1, BATCHES);
    }
    return entries;
  }

  @GetMapping("/requests/{r}/evidence")
  ResponseEntity<byte[]> evidence(Visitor visitor, @PathVariable String r) {
    return EvidenceFile.of(store, histories, visibility.evidence(visitor.caller(), null, r));
  }

  @GetMapping("/requests/{r}/export")
  void export(
      Visitor visitor,
      HttpServletResponse response,
      @PathVariable String r,
      @RequestParam(defaultValue = "jsonl") String format)
      throws IOException {
    var stored = visibility.evidence(visitor.caller(), null, r);
    var download = new Download(store, stored.tenant(), AuditPages.format(format), response);
    download.begin(stored.id().value());
    download.write(stored.id());
  }
}
