package org.openlockbox.server.api.log;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.log.append.LogTexts;
import org.openlockbox.server.log.entry.Histories;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.tlog.tile.TilePath;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The tenant's log: as a list for people, as C2SP tiles for verifiers, and as one file of evidence
/// a request.
@RestController
public final class LogApi {
  private static final int PAGE = 100;
  private static final int LARGEST_PAGE = 1000;

  private final Store store;
  private final Histories histories;
  private final Visibility visibility;

  public LogApi(Store store, Histories histories, Visibility visibility) {
    this.store = store;
    this.histories = histories;
    this.visibility = visibility;
  }

  @GetMapping("/v1/tenants/{t}/log")
  ResponseEntity<byte[]> list(
      ApiCall call,
      @PathVariable String t,
      @RequestParam Optional<Long> from,
      @RequestParam Optional<Integer> limit,
      @RequestParam Optional<String> request) {
    int size = Math.clamp(limit.orElse(PAGE), 1, LARGEST_PAGE);
    long start = Math.max(0, from.orElse(0L));
    var reader = store.reader();
    TenantId tenant;
    List<StoredEntry> entries;
    if (request.isPresent()) {
      var stored = visibility.evidence(call.caller(), t, request.get());
      tenant = stored.tenant();
      entries = reader.about(tenant, stored.id(), start, size);
    } else {
      tenant = visibility.log(call.caller(), t).id();
      entries = reader.entries(tenant, start, size);
    }
    var texts = store.texts().beginnings(tenant, entries);
    var erased = ErasedView.of(store, tenant);
    return ApiReply.ok(
            Json.object()
                .put("entries", entries.stream().map(entry -> shown(entry, texts, erased)).toList())
                .put("size", reader.size(tenant))
                .build())
        .send();
  }

  /// `text` is that of the operation or the reason; a request has a `name` as well and, where exact
  /// texts were asked for, `statements`; an operation may have `input`. Of a large one this is the
  /// beginning, and `textBytes` says how long it is.
  private static Json.Object shown(
      StoredEntry stored, Map<Commitment, LogTexts.TextPrefix> texts, ErasedView erasures) {
    var entry = stored.read();
    var json =
        Json.object()
            .put("seq", stored.seq())
            .put("type", entry.type().word())
            .put("time", entry.time())
            .put("entry", stored.bytes());
    var statements = new ArrayList<Json.Object>();
    for (var committed : entry.body().texts()) {
      var text = texts.get(committed.commitment());
      if (text == null) {
        continue;
      }
      if (entry.type() == EntryType.REQUEST && committed.kind() == TextKind.OPERATION) {
        var statement = Json.object();
        put(statement, "text", text);
        statements.add(statement.build());
      } else {
        put(json, member(committed.kind()), text);
      }
    }
    if (!statements.isEmpty()) {
      json.put("statements", statements);
    }
    var erased = erasures.of(stored.seq(), entry.body());
    if (!erased.isEmpty()) {
      json.put("erased", erased);
    }
    return json.build();
  }

  private static void put(JsonObjectBuilder json, String member, LogTexts.TextPrefix text) {
    json.put(member, TextRules.visible(lenient(text.text())));
    if (text.isShortened()) {
      json.put(member + "Bytes", text.size());
    }
  }

  /// SQL may be in any encoding; for showing, what is no UTF-8 is replaced.
  private static String lenient(Bytes text) {
    return new String(text.toArray(), StandardCharsets.UTF_8);
  }

  private static String member(TextKind kind) {
    return switch (kind) {
      case OPERATION, REASON -> "text";
      case INPUT, NAME -> kind.word();
    };
  }

  @GetMapping({"/v1/tenants/{t}/requests/{r}/evidence", "/v1/requests/{r}/evidence"})
  ResponseEntity<byte[]> evidence(
      ApiCall call, @PathVariable(required = false) @Nullable String t, @PathVariable String r) {
    return EvidenceFile.of(store, histories, visibility.evidence(call.caller(), t, r));
  }

  @GetMapping("/log/{t}/checkpoint")
  ResponseEntity<byte[]> checkpoint(ApiCall call, @PathVariable String t) {
    var tenant = visibility.log(call.caller(), t).id();
    var note = store.reader().checkpoint(tenant).orElseThrow(Problem::notFound).note();
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType("text/plain;charset=utf-8"))
        .header("Cache-Control", "no-store")
        .body(note.format().getBytes(StandardCharsets.UTF_8));
  }

  /// C2SP tlog-tiles: `tile/<L>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]`. What a path names
  /// never changes.
  @GetMapping("/log/{t}/tile/**")
  ResponseEntity<byte[]> tile(ApiCall call, @PathVariable String t, HttpServletRequest request) {
    var tenant = visibility.log(call.caller(), t).id();
    var path = request.getRequestURI().substring("/log/%s/".formatted(t).length());
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .header("Cache-Control", "private, max-age=31536000, immutable")
        .body(store.reader().resource(tenant, parse(path)).orElseThrow(Problem::notFound));
  }

  private static TilePath parse(String path) {
    try {
      return TilePath.parse(path);
    } catch (IllegalArgumentException e) {
      throw Problem.notFound();
    }
  }
}
