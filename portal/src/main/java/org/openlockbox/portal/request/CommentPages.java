package org.openlockbox.portal.request;

import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.access.Comments;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.request.StoredRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Asking about a request, and answering: between the tenant's approvers and its engineer, and
/// nobody else.
@Controller
public final class CommentPages {
  private final Visibility visibility;
  private final Comments comments;
  private final RequestPages requests;

  public CommentPages(Visibility visibility, Comments comments, RequestPages requests) {
    this.visibility = visibility;
    this.comments = comments;
    this.requests = requests;
  }

  /// What is not taken stands in the form again, with the reason beside it.
  @PostMapping("/requests/{r}/comments")
  ResponseEntity<byte[]> say(
      Visitor visitor, @PathVariable String r, @RequestParam(defaultValue = "") String text) {
    var stored = visibility.request(visitor.caller(), null, r);
    if (!maySay(visitor, stored)) {
      throw Problem.notFound();
    }
    var side =
        visitor.caller().isProvider() ? Comments.CommentSide.PROVIDER : Comments.CommentSide.TENANT;
    try {
      comments.say(stored, side, visitor.person().subject(), text.replace("\r\n", "\n").strip());
    } catch (Problem problem) {
      var says = "comments.fault." + problem.code();
      if (!visitor.frame().words().knows(says)) {
        throw problem;
      }
      return requests.page(
          problem.status(), visitor, stored, CommentForm.refused("text", text, says));
    }
    return requests.said(stored);
  }

  static boolean maySay(Visitor visitor, StoredRequest stored) {
    var caller = visitor.caller();
    return Visibility.owns(caller, stored)
        || (caller.belongsTo(stored.tenant()) && caller.is(Role.APPROVER));
  }

  /// The tenant's people and the engineer read what was said; the provider's others do not.
  static boolean mayRead(Visitor visitor, StoredRequest stored) {
    return visitor.caller().belongsTo(stored.tenant()) || Visibility.owns(visitor.caller(), stored);
  }
}
