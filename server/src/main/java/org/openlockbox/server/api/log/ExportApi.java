package org.openlockbox.server.api.log;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.api.ResponseAborted;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.export.ExportEvent;
import org.openlockbox.server.export.ExportEvents;
import org.openlockbox.server.export.ExportFormat;
import org.openlockbox.server.export.ExportPosition;
import org.openlockbox.server.export.Exports;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.log.append.RequestClosing;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// A tenant's log as events, fetched by its own people; how the provider's sinks stand; and the
/// closing record of one request.
@RestController
public final class ExportApi {
  private static final int PAGE = 250;

  private final Store store;
  private final Visibility visibility;
  private final Exports exports;

  public ExportApi(Store store, Visibility visibility, Exports exports) {
    this.store = store;
    this.visibility = visibility;
    this.exports = exports;
  }

  /// Written a page at a time, so its length costs no memory. A failure in the middle breaks the
  /// connection off, so that nobody takes a part for the whole; whole lines that arrived are good.
  @GetMapping("/v1/tenants/{t}/export")
  void export(
      ApiCall call,
      HttpServletResponse response,
      @PathVariable String t,
      @RequestParam Optional<String> format,
      @RequestParam Optional<String> after,
      @RequestParam Optional<Long> limit,
      @RequestParam Optional<Boolean> texts)
      throws IOException {
    var tenant = visibility.log(call.caller(), t).id();
    var written = read("format", format.orElse("jsonl"), ExportFormat::parse);
    var from =
        after.isPresent()
            ? read("after", after.get(), ExportPosition::parse)
            : ExportPosition.START;
    long most = Math.max(0, limit.orElse(Long.MAX_VALUE));
    var events = new ExportEvents(store.jdbc(), store.texts(), tenant, texts.orElse(false));
    long size = published(tenant);
    var page = events.after(from, size, PAGE);
    response.setContentType(written.mediaType());
    response.setHeader("Cache-Control", "no-store");
    response.setHeader(
        "Content-Disposition",
        "attachment; filename=\"%s.%s\"".formatted(tenant, written.extension()));
    try {
      write(response.getOutputStream(), new ExportRange(written, size, most), events, page);
    } catch (RuntimeException failed) {
      throw new ResponseAborted(failed);
    }
  }

  /// What a caller gets: in which form, of which entries, and how many events.
  private record ExportRange(ExportFormat format, long size, long most) {}

  private static void write(
      OutputStream out, ExportRange cut, ExportEvents events, List<ExportEvent> first)
      throws IOException {
    out.write(cut.format.head().toArray());
    var page = first;
    long most = cut.most;
    while (!page.isEmpty() && most > 0) {
      var last = ExportPosition.START;
      for (ExportEvent event : page.subList(0, (int) Math.min(most, page.size()))) {
        out.write(cut.format.line(event).toArray());
        last = event.position();
        most--;
      }
      out.flush();
      page = events.after(last, cut.size, PAGE);
    }
  }

  /// What a checkpoint proves; it does not grow while it is written.
  private long published(TenantId tenant) {
    return store
        .reader()
        .checkpoint(tenant)
        .map(LogReader.PublishedCheckpoint::size)
        .orElseThrow(Problem::notFound);
  }

  private static <T> T read(String name, String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw Problem.malformed("'%s': %s".formatted(name, e.getMessage()));
    }
  }

  @GetMapping("/v1/tenants/{t}/export/sinks")
  ResponseEntity<byte[]> sinksOf(ApiCall call, @PathVariable String t) {
    var tenant = visibility.log(call.caller(), t).id();
    return ApiReply.ok(
            Json.object().put("size", published(tenant)).put("sinks", exports.of(tenant)).build())
        .send();
  }

  @GetMapping("/v1/export/sinks")
  ResponseEntity<byte[]> sinks(ApiCall call) {
    call.caller().need(Role.OPERATOR, "see how all sinks stand");
    return ApiReply.ok(Json.object().put("sinks", exports.standing()).build()).send();
  }

  /// For those who may see the evidence: it is a summary of it.
  @GetMapping({"/v1/tenants/{t}/requests/{r}/closing", "/v1/requests/{r}/closing"})
  ResponseEntity<byte[]> closing(
      ApiCall call, @PathVariable(required = false) @Nullable String t, @PathVariable String r) {
    var stored = visibility.evidence(call.caller(), t, r);
    var closing = new RequestClosing(store.reader(), store.texts(), stored.tenant(), stored.id());
    closing.upTo(published(stored.tenant()) - 1);
    var record = closing.record().orElseThrow(Problem::notFound);
    return ApiReply.ok(
            Json.object().put("closing", record.toJson()).putTexts("lines", record.lines()).build())
        .send();
  }
}
