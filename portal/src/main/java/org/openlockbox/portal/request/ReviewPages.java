package org.openlockbox.portal.request;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.ui.PageLinks;
import org.openlockbox.portal.wording.Comment;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.access.RequestSteps;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
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

/// The provider's second person: the requests that wait for one, and letting them through to the
/// customer or stopping them. It opens nothing: the customer still has to sign.
@Controller
public final class ReviewPages {
  private static final int PAGE = 25;

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final Visibility visibility;
  private final InstantSource clock;
  private final RequestSteps steps;
  private final RequestPages requests;

  public ReviewPages(
      PortalEdge.Parts parts,
      Provider provider,
      Store store,
      Visibility visibility,
      InstantSource clock,
      RequestSteps steps,
      RequestPages requests) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.visibility = visibility;
    this.clock = clock;
    this.steps = steps;
    this.requests = requests;
  }

  /// What waits, the shortest time left first. One's own requests are for somebody else.
  @GetMapping("/reviews")
  ResponseEntity<byte[]> queue(Visitor visitor, @RequestParam(defaultValue = "") String after) {
    visitor.caller().need(Role.REVIEWER, "review");
    var mark = PageMark.parse(after);
    var page =
        new RequestLists(
                store.jdbc(), RequestScope.ALL.notOf(visitor.person().subject()), clock.instant())
            .page(ListKind.REVIEW, mark, PAGE);
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("waiting", RequestLine.all(provider, visitor.frame(), page.shown()));
    model.put("links", PageLinks.of("/reviews", "/reviews", mark, page.next()));
    return parts.pages().page("reviews", model);
  }

  static boolean mayReview(Visitor visitor, StoredRequest stored) {
    return visitor.is(Role.REVIEWER)
        && !stored.submission().engineer().sidesWith(visitor.person().subject());
  }

  /// Who stops a request says why: the engineer and the customer read it.
  @PostMapping("/requests/{r}/review")
  ResponseEntity<byte[]> review(
      Visitor visitor,
      @PathVariable String r,
      @RequestParam(defaultValue = "0") long version,
      @RequestParam(defaultValue = "") String verdict,
      @RequestParam(defaultValue = "") String comment) {
    visitor.caller().need(Role.REVIEWER, "review");
    var stored = visibility.request(visitor.caller(), null, r);
    var said = Comment.typed(comment);
    if (said.isEmpty()) {
      var form = CommentForm.refused("comment", comment, "comment.fault");
      return requests.page(422, visitor, stored, form);
    }
    var event =
        new RequestEvent.Reviewed(
            stored.id(), visitor.person().subject(), verdict(verdict), said.get().text());
    if (event.verdict() == RequestEvent.ReviewVerdict.REJECT && event.comment().isEmpty()) {
      var form = CommentForm.refused("comment", "", "review.comment.missing");
      return requests.page(422, visitor, stored, form);
    }
    if (stored.version() != version) {
      return RequestChanges.since(visitor.frame(), store, stored, version)
          .page(parts, visitor.frame(), stored.id(), "changed.lead");
    }
    steps.take(stored.tenant(), event, Optional.of(stored.etag()));
    return parts.done("/reviews", "review." + event.verdict().word());
  }

  private static RequestEvent.ReviewVerdict verdict(String word) {
    return List.of(RequestEvent.ReviewVerdict.values()).stream()
        .filter(one -> one.word().equals(word))
        .findFirst()
        .orElseThrow(() -> Problem.malformed("a verdict is one of those offered"));
  }
}
