package org.openlockbox.portal.request;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.ui.PageLinks;
import org.openlockbox.portal.ui.PagedRows;
import org.openlockbox.portal.wording.Comment;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.access.Comments;
import org.openlockbox.server.access.RequestSteps;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.ListKind;
import org.openlockbox.server.request.PageMark;
import org.openlockbox.server.request.RequestLists;
import org.openlockbox.server.request.RequestLists.RequestScope;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// An engineer's own requests: what waits, what is open and how to connect, what is over; and the
/// engineer's own ends of them, which need no signature.
@Controller
public final class OwnRequestPages {
  private static final int PAGE = 25;

  /// Of lists whose rows are long, or of less interest.
  private static final int FEW = 10;

  private static final List<ListKind> LISTS =
      List.of(ListKind.QUESTION, ListKind.OPEN, ListKind.WAITING, ListKind.OVER);

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final Visibility visibility;
  private final InstantSource clock;
  private final RequestSteps steps;
  private final Comments comments;
  private final RequestPages requests;

  public OwnRequestPages(
      PortalEdge.Parts parts,
      Provider provider,
      Store store,
      Visibility visibility,
      InstantSource clock,
      RequestSteps steps,
      Comments comments,
      RequestPages requests) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.visibility = visibility;
    this.clock = clock;
    this.steps = steps;
    this.comments = comments;
    this.requests = requests;
  }

  /// All lists, each with its first rows; or the later rows of one of them.
  @GetMapping("/mine")
  ResponseEntity<byte[]> mine(
      Visitor visitor,
      @RequestParam(defaultValue = "") String list,
      @RequestParam(defaultValue = "") String after) {
    visitor.caller().need(Role.ENGINEER, "have access of their own");
    var mark = PageMark.parse(after);
    var only = mark.flatMap(_ -> LISTS.stream().filter(one -> one.word().equals(list)).findAny());
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("only", only);
    model.put("asked", page(visitor, ListKind.QUESTION, only, mark).as(all -> asked(visitor, all)));
    model.put("open", page(visitor, ListKind.OPEN, only, mark).as(all -> lines(visitor, all)));
    var pending = page(visitor, ListKind.WAITING, only, mark);
    model.put("questions", comments.unanswered(pending.rows()).keySet());
    model.put("pending", pending.as(all -> lines(visitor, all)));
    model.put("over", page(visitor, ListKind.OVER, only, mark).as(all -> lines(visitor, all)));
    model.put("done", only.isEmpty() ? done(visitor) : List.of());
    return parts.pages().page("mine", model);
  }

  /// A page of this list, unless only another one is looked at.
  private PagedRows<StoredRequest> page(
      Visitor visitor, ListKind kind, Optional<ListKind> only, Optional<PageMark> mark) {
    if (only.isPresent() && only.get() != kind) {
      return PagedRows.none();
    }
    var lists = lists(visitor);
    var after = only.isPresent() ? mark : Optional.<PageMark>empty();
    var page = lists.page(kind, after, kind == ListKind.WAITING ? PAGE : FEW);
    boolean whole = (after.isEmpty() && page.next().isEmpty()) || kind == ListKind.OVER;
    return new PagedRows<>(
        page.shown(),
        String.valueOf(whole ? page.shown().size() : lists.count(kind)),
        PageLinks.of("/mine", "/mine?list=" + kind.word(), after, page.next()));
  }

  private RequestLists lists(Visitor visitor) {
    var scope = RequestScope.of(Optional.empty(), Optional.of(visitor.person().subject()));
    return new RequestLists(store.jdbc(), scope, clock.instant());
  }

  /// What this engineer has just done to a request of theirs.
  public record OwnRequestChange(String id, String state) {}

  private List<OwnRequestChange> done(Visitor visitor) {
    return lists(visitor).page(ListKind.RECENT, Optional.empty(), FEW).shown().stream()
        .filter(one -> RequestProgress.of(store, one, clock.instant()).justBy(visitor).isPresent())
        .map(
            one ->
                new OwnRequestChange(
                    one.id().value(), EffectiveState.state(one.request(), clock.instant()).word()))
        .toList();
  }

  /// A question of the customer that waits for an answer, and the request that it is about.
  public record CustomerQuestion(RequestLine line, Comments.RequestComment comment) {}

  private List<CustomerQuestion> asked(Visitor visitor, List<StoredRequest> requests) {
    var unanswered = comments.unanswered(requests);
    return requests.stream()
        .filter(one -> unanswered.containsKey(one.id()))
        .map(
            one ->
                new CustomerQuestion(
                    RequestLine.of(provider, visitor.frame(), one),
                    Objects.requireNonNull(unanswered.get(one.id()))))
        .toList();
  }

  private List<RequestLine> lines(Visitor visitor, List<StoredRequest> stored) {
    return RequestLine.all(provider, visitor.frame(), stored);
  }

  @PostMapping("/requests/{r}/withdraw")
  ResponseEntity<byte[]> withdraw(Visitor visitor, @PathVariable String r) {
    var stored = own(visitor, r, "withdraw a request");
    var event = new RequestEvent.Withdrawn(stored.id(), visitor.person().subject());
    steps.take(stored.tenant(), event, Optional.empty());
    return Pages.seeOther("/mine");
  }

  /// The closing comment is logged for the customer to read.
  @PostMapping("/requests/{r}/complete")
  ResponseEntity<byte[]> complete(
      Visitor visitor, @PathVariable String r, @RequestParam(defaultValue = "") String comment) {
    var stored = own(visitor, r, "complete a request");
    var said = Comment.typed(comment);
    if (said.isEmpty()) {
      var form = CommentForm.refused("closing", comment, "comment.fault");
      return requests.page(422, visitor, stored, form);
    }
    var event =
        new RequestEvent.Ended(
            stored.id(),
            RequestEvent.EndCause.COMPLETED,
            visitor.person().subject(),
            said.get().text());
    steps.take(stored.tenant(), event, Optional.empty());
    return Pages.seeOther("/mine");
  }

  private StoredRequest own(Visitor visitor, String r, String what) {
    visitor.caller().need(Role.ENGINEER, what);
    var stored = visibility.request(visitor.caller(), null, r);
    if (!Visibility.owns(visitor.caller(), stored)) {
      throw Problem.notFound();
    }
    return stored;
  }
}
