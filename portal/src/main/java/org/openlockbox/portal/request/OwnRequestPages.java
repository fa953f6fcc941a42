package org.openlockbox.portal.request;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.wording.Comment;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.access.Comments;
import org.openlockbox.server.access.RequestSteps;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.EffectiveState;
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
  private static final int NEWEST = 100;
  private static final int OVER = 20;

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

  @GetMapping("/mine")
  ResponseEntity<byte[]> mine(Visitor visitor) {
    visitor.caller().need(Role.ENGINEER, "have access of their own");
    var pending = list(visitor, RequestState.PENDING, NEWEST);
    var over = over(visitor);
    return parts
        .pages()
        .page(
            "mine",
            Map.of(
                "frame", visitor.frame(),
                "pending", lines(visitor, pending),
                "open", lines(visitor, list(visitor, RequestState.APPROVED, NEWEST)),
                "over", lines(visitor, over),
                "asked", asked(visitor, pending),
                "done", done(visitor, over)));
  }

  /// What this engineer has just done to a request of theirs.
  public record OwnRequestChange(String id, String state) {}

  private List<OwnRequestChange> done(Visitor visitor, List<StoredRequest> over) {
    return over.stream()
        .filter(one -> RequestProgress.of(store, one, clock.instant()).justBy(visitor).isPresent())
        .map(
            one ->
                new OwnRequestChange(
                    one.id().value(), EffectiveState.state(one.request(), clock.instant()).word()))
        .toList();
  }

  /// A question of the customer that waits for an answer, and the request that it is about.
  public record CustomerQuestion(RequestLine line, Comments.RequestComment comment) {}

  /// What the customer has asked and nobody has answered, the shortest time left first.
  private List<CustomerQuestion> asked(Visitor visitor, List<StoredRequest> pending) {
    var unanswered = comments.unanswered(pending);
    return pending.stream()
        .filter(one -> unanswered.containsKey(one.id()))
        .map(
            one ->
                new CustomerQuestion(
                    RequestLine.of(provider, visitor.frame(), one),
                    Objects.requireNonNull(unanswered.get(one.id()))))
        .toList();
  }

  private List<StoredRequest> list(Visitor visitor, RequestState state, int most) {
    return list(visitor, Optional.of(state.word()), most).stream()
        .sorted(Comparator.comparing(stored -> EffectiveState.expires(stored.request())))
        .toList();
  }

  private List<StoredRequest> list(Visitor visitor, Optional<String> state, int most) {
    var filter =
        new AccessRequests.RequestFilter(
            Optional.empty(),
            Optional.of(visitor.person().subject()),
            state,
            Optional.empty(),
            most);
    return AccessRequests.list(store.jdbc(), filter, clock.instant());
  }

  private List<StoredRequest> over(Visitor visitor) {
    var over = new ArrayList<StoredRequest>();
    for (var stored : list(visitor, Optional.empty(), NEWEST)) {
      var state = EffectiveState.state(stored.request(), clock.instant());
      if (state != RequestState.PENDING && state != RequestState.APPROVED && over.size() < OVER) {
        over.add(stored);
      }
    }
    return over;
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
