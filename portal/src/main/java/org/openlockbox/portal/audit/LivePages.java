package org.openlockbox.portal.audit;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Optional;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.portal.wording.SignedTerms;
import org.openlockbox.server.access.RequestSteps;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

/// Access that is open, to be watched: each statement as it is recorded, and the button that ends
/// it. For the tenant's people and the engineer. Without script it is as new as its last reload.
@Controller
public final class LivePages implements AutoCloseable {
  private static final int NEWEST = 100;

  /// How many entries are counted for the figures.
  private static final int COUNTED = 500;

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final Visibility visibility;
  private final InstantSource clock;
  private final ViewerLimit seats = new ViewerLimit();
  private volatile boolean closed;

  public LivePages(
      PortalEdge.Parts parts,
      Provider provider,
      Store store,
      Visibility visibility,
      InstantSource clock) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.visibility = visibility;
    this.clock = clock;
  }

  @GetMapping("/requests/{r}/live")
  ResponseEntity<byte[]> show(Visitor visitor, @PathVariable String r) {
    var stored = visibility.evidence(visitor.caller(), null, r);
    var counted = store.reader().newest(stored.tenant(), stored.id(), COUNTED);
    var entries = counted.subList(Math.max(0, counted.size() - NEWEST), counted.size());
    var texts = store.texts().beginnings(stored.tenant(), entries);
    var lines = new RecordLines(visitor.frame(), texts).of(entries);
    boolean open = EffectiveState.state(stored.request(), clock.instant()) == RequestState.APPROVED;
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("line", RequestLine.of(provider, visitor.frame(), stored));
    model.put("steps", RecordStep.of(lines.reversed()));
    model.put("next", entries.isEmpty() ? 0 : entries.getLast().seq() + 1);
    model.put("open", open);
    model.put("figures", LiveFigures.of(counted));
    model.put("whole", counted.size() < COUNTED);
    model.put("terms", SignedTerms.of(provider, visitor.frame(), stored));
    model.put("leftover", RequestSteps.leftover(store.jdbc(), stored.tenant(), stored.id()));
    model.put("stoppable", open && visitor.is(Role.APPROVER));
    return parts.pages().page("audit/live", model);
  }

  /// The same as events. `from` is the first index of the log that the page does not have; a
  /// browser that comes back says what it has.
  @GetMapping("/requests/{r}/live/stream")
  void stream(
      Visitor visitor,
      HttpServletResponse response,
      @PathVariable String r,
      @RequestParam(defaultValue = "0") long from,
      @RequestHeader("Last-Event-ID") Optional<String> last)
      throws IOException {
    var stored = visibility.evidence(visitor.caller(), null, r);
    long next =
        last.filter(id -> id.matches("[0-9]{1,15}")).map(id -> Long.parseLong(id) + 1).orElse(from);
    try (var _ = seats.take(visitor.person().id())) {
      response.setContentType("text/event-stream;charset=utf-8");
      response.setHeader("Cache-Control", "no-store");
      response.setHeader("X-Accel-Buffering", "no");
      var out = response.getOutputStream();
      new LiveStream(
              store, clock, visitor.frame(), stored, out, () -> seen(visitor, r), Math.max(0, next))
          .run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException gone) {
      // The reader hung up, or took nothing for too long.
      return;
    }
  }

  /// The request as it is now, if the visit goes on and its person may still see it.
  private Optional<StoredRequest> seen(Visitor visitor, String r) {
    if (closed) {
      return Optional.empty();
    }
    try {
      return parts
          .frames()
          .still(visitor)
          .map(person -> visibility.evidence(person.caller(), null, r));
    } catch (Problem hidden) {
      return Optional.empty();
    }
  }

  /// Ends every stream at its next step.
  @Override
  public void close() {
    closed = true;
  }
}
