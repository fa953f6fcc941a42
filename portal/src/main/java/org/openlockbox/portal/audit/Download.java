package org.openlockbox.portal.audit;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.export.ExportEvent;
import org.openlockbox.server.export.ExportEvents;
import org.openlockbox.server.export.ExportFormat;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;

/// Requests' entries on their way into a file, written as they are read: its length costs no
/// memory. It reaches to the checkpoint that was the newest when it began. If the server fails in
/// the middle the connection is broken off.
final class Download {
  private static final int BATCHES = 50;

  private final Store store;
  private final TenantId tenant;
  private final ExportFormat format;
  private final HttpServletResponse response;
  private final long size;

  Download(Store store, TenantId tenant, ExportFormat format, HttpServletResponse response) {
    this.store = store;
    this.tenant = tenant;
    this.format = format;
    this.response = response;
    this.size =
        store
            .reader()
            .checkpoint(tenant)
            .map(LogReader.PublishedCheckpoint::size)
            .orElseThrow(Problem::notFound);
  }

  /// Sends the head of the file.
  void begin(String name) throws IOException {
    response.setContentType(format.mediaType());
    response.setHeader("Cache-Control", "no-store");
    response.setHeader(
        "Content-Disposition",
        "attachment; filename=\"%s.%s\"".formatted(name, format.extension()));
    response.getOutputStream().write(format.head().toArray());
  }

  /// Sends all that the log says about a request, texts included while they are kept.
  void write(RequestId request) throws IOException {
    var events = new ExportEvents(store.jdbc(), store.texts(), tenant, true);
    var out = response.getOutputStream();
    long next = 0;
    var page = events.about(request, next, size, BATCHES);
    while (!page.isEmpty()) {
      for (ExportEvent event : page) {
        out.write(format.line(event).toArray());
        next = event.stored().seq() + 1;
      }
      page = events.about(request, next, size, BATCHES);
    }
    out.flush();
  }
}
