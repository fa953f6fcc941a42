package org.openlockbox.server.portal;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.access.SubjectId;
import org.openlockbox.server.access.AccessRequests;
import org.openlockbox.server.access.Shown;
import org.openlockbox.server.access.StoredRequest;
import org.openlockbox.server.api.Desk;
import org.openlockbox.server.api.Sight;
import org.openlockbox.server.identity.Role;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/// What waits for somebody, what is in force now, and what was: the first page of everybody.
@Controller
public final class InboxPages {
  private static final int MOST = 100;
  private static final int RECENT = 10;

  private final PortalEdge.Parts parts;
  private final Desk desk;

  public InboxPages(PortalEdge.Parts parts, Desk desk) {
    this.parts = parts;
    this.desk = desk;
  }

  @GetMapping("/")
  ResponseEntity<byte[]> front(Visitor visitor) {
    return Pages.seeOther(visitor.frame().links().getFirst().href());
  }

  @GetMapping("/inbox")
  ResponseEntity<byte[]> inbox(Visitor visitor) {
    var pending =
        list(visitor, "pending", MOST).stream()
            .sorted(Comparator.comparing(stored -> stored.submission().decideBy()))
            .toList();
    var active =
        list(visitor, "approved", MOST).stream()
            .sorted(Comparator.comparing(stored -> Shown.expires(stored.request())))
            .toList();
    var recent =
        list(visitor, "", RECENT + pending.size() + active.size()).stream()
            .filter(stored -> isOver(stored))
            .limit(RECENT)
            .toList();
    return parts
        .pages()
        .page(
            "inbox",
            Map.of(
                "frame", visitor.frame(),
                "pending", rows(visitor, pending),
                "active", rows(visitor, active),
                "stoppable", visitor.is(Role.APPROVER),
                "last", last(visitor),
                "recent", rows(visitor, recent)));
  }

  /// In one sentence, whose access ended last.
  private Optional<String> last(Visitor visitor) {
    return AccessRequests.lastEnded(desk.store().jdbc(), filter(visitor, "", 1), desk.now())
        .map(
            stored -> {
              var frame = visitor.frame();
              var line = RequestLine.of(desk, frame, stored);
              return frame.say(
                  "inbox.last",
                  frame.time(line.at()),
                  line.who(),
                  line.resource(),
                  frame.say("level." + line.level().word()),
                  frame.words().duration(line.length()));
            });
  }

  private boolean isOver(StoredRequest stored) {
    var state = Shown.state(stored.request(), desk.now());
    return state != RequestState.PENDING && state != RequestState.APPROVED;
  }

  private List<StoredRequest> list(Visitor visitor, String state, int most) {
    return AccessRequests.list(desk.store().jdbc(), filter(visitor, state, most), desk.now());
  }

  private static AccessRequests.Filter filter(Visitor visitor, String state, int most) {
    var caller = visitor.caller();
    boolean all = caller.tenant().isPresent() || Sight.seesAll(caller);
    Optional<SubjectId> engineer = all ? Optional.empty() : Optional.of(caller.subject());
    var wanted = state.isEmpty() ? Optional.<String>empty() : Optional.of(state);
    return new AccessRequests.Filter(caller.tenant(), engineer, wanted, Optional.empty(), most);
  }

  private List<RequestLine> rows(Visitor visitor, List<StoredRequest> stored) {
    return stored.stream().map(one -> RequestLine.of(desk, visitor.frame(), one)).toList();
  }
}
