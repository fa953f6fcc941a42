package org.openlockbox.portal.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;

/// A request's entries as server-sent events while they get into the log, the id of each being its
/// index: whoever lost the connection goes on from there, at any server. It reads the log and
/// remembers nothing.
///
/// Before anything is sent, and every few seconds in any case, it asks whether the reader may still
/// see it, and says so once access is over. After a while it ends by itself, and browsers come
/// back. A reader who takes nothing is cut off by the container, whose writes fail after a minute.
final class LiveStream {
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration SILENCE = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int BATCHES = 20;

  private final Store store;
  private final InstantSource clock;
  private final PageContext frame;
  private final StoredRequest stored;
  private final OutputStream out;
  private final Supplier<Optional<StoredRequest>> sight;
  private final LiveFigures figures = new LiveFigures();
  private long next;
  private boolean overSaid;

  /// @param sight the request as it is now, as long as the reader may see it
  /// @param next the index of the log to begin at
  LiveStream(
      Store store,
      InstantSource clock,
      PageContext frame,
      StoredRequest stored,
      OutputStream out,
      Supplier<Optional<StoredRequest>> sight,
      long next) {
    this.store = store;
    this.clock = clock;
    this.frame = frame;
    this.stored = stored;
    this.out = out;
    this.sight = sight;
    this.next = next;
  }

  /// Sends until the reader may not see it any more, hangs up, or it has lasted long enough.
  void run() throws IOException, InterruptedException {
    long began = System.nanoTime();
    long sent = began - SILENCE.toNanos();
    while (System.nanoTime() - began < LONGEST.toNanos()) {
      var entries = fresh();
      boolean silent = System.nanoTime() - sent >= SILENCE.toNanos();
      if (!entries.isEmpty() || silent) {
        var seen = sight.get();
        if (seen.isEmpty()) {
          return;
        }
        send(entries);
        sayOver(seen.get());
        sent = System.nanoTime();
      }
      if (entries.isEmpty()) {
        Thread.sleep(PAUSE);
      }
    }
  }

  /// What has come into the log since.
  private List<StoredEntry> fresh() {
    var reader = store.reader();
    long size = reader.size(stored.tenant());
    if (next >= size) {
      return List.of();
    }
    var entries = reader.next(stored.tenant(), stored.id(), next, BATCHES);
    next = entries.isEmpty() ? size : entries.getLast().seq() + 1;
    return entries;
  }

  private void send(List<StoredEntry> entries) throws IOException {
    var texts = store.texts().beginnings(stored.tenant(), entries);
    var more = figures.more(entries);
    var events = new StringBuilder();
    for (var line : new RecordLines(frame, texts).of(entries)) {
      events
          .append("id: %d\ndata: ".formatted(line.index()))
          .append(CanonicalJson.text(json(line, more)))
          .append("\n\n");
      more = Map.of();
    }
    write(events.isEmpty() ? ": still here\n\n" : events.toString());
  }

  /// Tells a page that still says who has access that nobody has any more.
  private void sayOver(StoredRequest now) throws IOException {
    var state = EffectiveState.state(now.request(), clock.instant());
    if (overSaid || state == RequestState.APPROVED) {
      return;
    }
    var over =
        Json.object().put("state", state.word()).put("words", frame.say("state." + state.word()));
    write("event: over\ndata: %s\n\n".formatted(CanonicalJson.text(over.build())));
    overSaid = true;
  }

  private void write(String events) throws IOException {
    out.write(events.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /// @param more by how much the figures of the page grow
  private Json.Object json(RecordLine line, Map<String, Long> more) {
    var figures = Json.object();
    more.forEach(figures::put);
    return Json.object()
        .put("more", figures.build())
        .put("index", line.index())
        .put("at", frame.exact(line.at()))
        .put("session", line.session())
        .put("kind", line.isStatement() ? "" : frame.say("entry." + line.kind()))
        .put("statement", line.statement())
        .put("result", line.kind().equals("outcome"))
        .put("words", line.told())
        .put("text", parts(line.text()))
        .put("shortened", isShortened(line.text()))
        .put("prepared", parts(line.prepared()))
        .put("preparedShortened", isShortened(line.prepared()))
        .put("outcome", line.outcome())
        .put("blocked", line.blocked())
        .put("icon", line.icon())
        .put("tone", line.tone())
        .put("sort", line.sort())
        .put("folded", line.isFolded())
        .put("mark", line.mark().map(frame::say).orElse(""))
        .build();
  }

  private static List<Json> parts(Optional<Excerpt> text) {
    return text.stream()
        .flatMap(excerpt -> excerpt.spans().stream())
        .<Json>map(
            span ->
                Json.object()
                    .put("text", span.text())
                    .put("style", span.style())
                    .put("marked", span.marked())
                    .build())
        .toList();
  }

  private static boolean isShortened(Optional<Excerpt> text) {
    return text.filter(Excerpt::shortened).isPresent();
  }
}
