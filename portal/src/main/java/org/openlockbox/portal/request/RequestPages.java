package org.openlockbox.portal.request;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.connect.BrowserConnect;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.passkey.Passkeys;
import org.openlockbox.portal.wording.LimitChoices;
import org.openlockbox.portal.wording.LimitSheet;
import org.openlockbox.portal.wording.LoggedRequest;
import org.openlockbox.portal.wording.Quorum;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.portal.wording.RequestSummary;
import org.openlockbox.portal.wording.RiskHints;
import org.openlockbox.portal.wording.RuleWords;
import org.openlockbox.portal.wording.SentencePart;
import org.openlockbox.portal.wording.Sentences;
import org.openlockbox.portal.wording.VisibleTables;
import org.openlockbox.server.access.Authorities;
import org.openlockbox.server.access.Comments;
import org.openlockbox.server.access.GroupedRequestMails;
import org.openlockbox.server.access.RequestSteps;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.provider.Resource;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.PastRequests;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// One request: to decide about while it waits, as its record afterwards, and to stop while it is
/// in force.
@Controller
public final class RequestPages {
  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final Visibility visibility;
  private final InstantSource clock;
  private final SigningTokens signingTokens;
  private final RequestSteps steps;
  private final Authorities authorities;
  private final Comments comments;

  public RequestPages(
      PortalEdge.Parts parts,
      Provider provider,
      Store store,
      Visibility visibility,
      InstantSource clock,
      SigningTokens signingTokens,
      RequestSteps steps,
      Authorities authorities,
      Comments comments) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.visibility = visibility;
    this.clock = clock;
    this.signingTokens = signingTokens;
    this.steps = steps;
    this.authorities = authorities;
    this.comments = comments;
  }

  /// @param address how the sheet of limits is opened
  @GetMapping("/requests/{r}")
  ResponseEntity<byte[]> show(
      Visitor visitor, @PathVariable String r, @RequestParam Map<String, String> address) {
    var stored = visibility.request(visitor.caller(), null, r);
    return page(200, visitor, stored, CommentForm.BLANK, LimitSheet.of(address));
  }

  ResponseEntity<byte[]> page(int status, Visitor visitor, StoredRequest stored, CommentForm form) {
    return page(status, visitor, stored, form, LimitSheet.of(Map.of()));
  }

  private ResponseEntity<byte[]> page(
      int status, Visitor visitor, StoredRequest stored, CommentForm form, LimitSheet sheet) {
    var frame = visitor.frame();
    var asked = LoggedRequest.read(store, stored);
    var resource = resource(asked.submission().terms().resource());
    var name = RequestLine.resourceName(provider, stored);
    var state = EffectiveState.state(stored.request(), clock.instant());
    var model = new HashMap<String, Object>();
    model.put("frame", frame);
    var sentences = new Sentences(frame, asked.told(), name);
    model.put("sentence", sentences.request());
    model.put("granted", granted(stored, sentences));
    model.put("facts", RequestSummary.of(frame, asked, stored, name));
    var requests = AccessRequests.of(store.jdbc(), stored.tenant());
    model.put("extension", ExtensionLines.of(frame, requests, stored, clock.instant()));
    boolean ours = visitor.caller().belongsTo(stored.tenant());
    model.put("reader", ours ? "" : store.tenants().name(stored.tenant()));
    model.put("ruled", RuleWords.of(frame, stored, store).lines(state));
    model.put("state", state.word());
    model.put("recorded", ours || Visibility.owns(visitor.caller(), stored));
    model.put("until", EffectiveState.expires(stored.request()));
    model.put("leftover", leftover(stored, state));
    model.put("seeing", resource.flatMap(one -> seeing(stored, state, one)));
    model.put("catalogue", resource.map(Resource::catalogueSha256).orElse(""));
    var course = RequestProgress.of(store, stored, clock.instant());
    model.put("course", course);
    model.put("done", done(visitor, stored, course, state));
    model.put("proof", !course.steps().isEmpty() && CommentPages.mayRead(visitor, stored));
    model.put("form", form);
    model.put("sheet", sheet);
    model.put("own", own(visitor, stored));
    model.put("regions", RequestLine.regions(provider, stored));
    model.put("browser", browser(visitor, stored));
    model.put("browserAction", parts.sites().handTo("/sign/connect"));
    model.put("held", held(visitor, stored, state));
    actions(model, visitor, stored, asked, state);
    model.put("action", action());
    return parts.pages().page(status, "request", model);
  }

  /// How the engineer whose request it is reaches the resource.
  private Optional<Protocol> own(Visitor visitor, StoredRequest stored) {
    return Visibility.owns(visitor.caller(), stored)
        ? Optional.of(RequestLine.protocol(provider, stored))
        : Optional.empty();
  }

  /// A token for the page on which the engineer's passkey signs a login for this browser, where
  /// there is something to open so.
  private Optional<String> browser(Visitor visitor, StoredRequest stored) {
    return Visibility.owns(visitor.caller(), stored)
        ? BrowserConnect.of(
                stored,
                visitor.person().subject(),
                provider,
                parts.sites().approve(),
                clock.instant())
            .map(_ -> signingTokens.issue(visitor.secret(), stored).forTheBrowser())
        : Optional.empty();
  }

  /// When the customer's people are told of this engineer's request, where it waits to be told with
  /// others.
  private Optional<Instant> held(Visitor visitor, StoredRequest stored, RequestState state) {
    return state == RequestState.PENDING && Visibility.owns(visitor.caller(), stored)
        ? GroupedRequestMails.due(store.jdbc(), stored.tenant(), stored.id())
        : Optional.empty();
  }

  /// What this visitor may do about the request now, and what helps to decide.
  private void actions(
      Map<String, Object> model,
      Visitor visitor,
      StoredRequest stored,
      LoggedRequest asked,
      RequestState state) {
    boolean ours = visitor.caller().belongsTo(stored.tenant());
    boolean pending = state == RequestState.PENDING;
    var hints =
        pending && ours ? Optional.of(hints(visitor.frame(), stored)) : Optional.<RiskHints>empty();
    var usual = hints.flatMap(RiskHints::grant);
    model.put("hints", hints);
    model.put("usual", usual);
    model.put("level", level(stored));
    model.put("length", visitor.frame().words().duration(length(stored)));
    model.put("unreviewed", stored.isUnreviewed());
    var quorum = pending && ours ? quorum(visitor.frame(), stored) : Optional.<Quorum>empty();
    model.put("quorum", quorum);
    model.put("deciding", deciding(visitor, stored, asked, quorum, usual));
    model.put("comments", comments(visitor, stored));
    model.put("mayAsk", pending && CommentPages.maySay(visitor, stored));
    model.put("reviewing", pending ? reviewing(visitor, stored) : Optional.empty());
    boolean stoppable = state == RequestState.APPROVED && visitor.is(Role.APPROVER);
    model.put("stoppable", stoppable);
    model.put("revoking", stoppable ? handover(visitor, stored) : Optional.empty());
  }

  /// The version that this visitor may let through or stop, if they may.
  private static Optional<Long> reviewing(Visitor visitor, StoredRequest stored) {
    return stored.isUnreviewed() && ReviewPages.mayReview(visitor, stored)
        ? Optional.of(stored.version())
        : Optional.empty();
  }

  /// Why a role of a session that is over still stands, while access goes on; afterwards the course
  /// says it.
  private Optional<String> leftover(StoredRequest stored, RequestState state) {
    return state == RequestState.APPROVED
        ? RequestSteps.leftover(store.jdbc(), stored.tenant(), stored.id())
        : Optional.empty();
  }

  /// What was allowed in the end; nothing where nothing was.
  private List<SentencePart> granted(StoredRequest stored, Sentences sentences) {
    if (!(stored.request() instanceof AccessRequest.Approved approved)) {
      return List.of();
    }
    return switch (approved.grant().at(clock.instant())) {
      case Grant.Active active -> sentences.grant(active.terms());
      case Grant.Ended ended -> sentences.ended(ended);
      case Grant.RemovalFailed(var ended, var _, var _) -> sentences.ended(ended);
    };
  }

  /// On to what was said about this request.
  ResponseEntity<byte[]> said(StoredRequest stored) {
    return parts.done("/requests/" + stored.id() + "#comments", "comment.sent");
  }

  /// The confirmation of what this visitor has just done, as the id of its message.
  private static Optional<String> done(
      Visitor visitor, StoredRequest stored, RequestProgress course, RequestState state) {
    boolean sent =
        state == RequestState.PENDING
            && course.steps().isEmpty()
            && Visibility.owns(visitor.caller(), stored);
    return sent
        ? Optional.of("done.sent")
        : course
            .justBy(visitor)
            .filter(step -> step.what() != RequestProgress.ProgressKind.REVIEWED)
            .map(step -> "done." + (state == RequestState.PENDING ? "signed" : state.word()));
  }

  /// The level that is asked for, or was allowed.
  private static Level level(StoredRequest stored) {
    return stored.request() instanceof AccessRequest.Approved approved
        ? approved.grant().terms().level()
        : stored.submission().terms().level();
  }

  /// How long access is asked for, or was allowed.
  private static Duration length(StoredRequest stored) {
    return stored.request() instanceof AccessRequest.Approved approved
        ? approved.grant().terms().window().length().plusSeconds(30).truncatedTo(ChronoUnit.MINUTES)
        : stored.submission().terms().duration();
  }

  private List<Comments.RequestComment> comments(Visitor visitor, StoredRequest stored) {
    return CommentPages.mayRead(visitor, stored)
        ? comments.of(stored.tenant(), stored.id())
        : List.of();
  }

  private static boolean hasApproved(StoredRequest stored, SubjectId person) {
    return stored.request() instanceof AccessRequest.Pending pending
        && pending.approvals().stream().anyMatch(one -> one.approver().equals(person));
  }

  private RiskHints hints(PageContext frame, StoredRequest stored) {
    var precedents = new PastRequests(store.jdbc(), stored.tenant(), clock.instant());
    return RiskHints.of(frame, precedents, stored);
  }

  private Optional<Quorum> quorum(PageContext frame, StoredRequest stored) {
    var keyring = store.tenants().keyring(stored.tenant());
    return Quorum.of(frame, authorities, keyring, stored);
  }

  private Optional<Resource> resource(ResourceId id) {
    return provider.resource(id);
  }

  /// What there would be to see, or what all approvers together have allowed to be seen; nothing
  /// where nothing was allowed.
  private static Optional<VisibleTables> seeing(
      StoredRequest stored, RequestState state, Resource resource) {
    if (stored.request() instanceof AccessRequest.Approved approved) {
      var terms = approved.grant().terms();
      return Optional.of(
          VisibleTables.of(resource, stored.tenant(), terms.level(), terms.limits().tables()));
    }
    var terms = stored.submission().terms();
    return state == RequestState.PENDING
        ? Optional.of(
            VisibleTables.of(resource, stored.tenant(), terms.level(), terms.limits().tables()))
        : Optional.empty();
  }

  /// What an approver needs to decide here; empty for everybody else, and once it is decided.
  private Optional<DecisionOptions> deciding(
      Visitor visitor,
      StoredRequest stored,
      LoggedRequest asked,
      Optional<Quorum> quorum,
      Optional<PastRequests.UsualGrant> usual) {
    var resource = resource(asked.submission().terms().resource());
    if (quorum.isEmpty() || !visitor.is(Role.APPROVER) || resource.isEmpty()) {
      return Optional.empty();
    }
    var self = visitor.person().subject();
    boolean approved = hasApproved(stored, self);
    boolean approvable = quorum.get().asks(self) && !approved;
    return Optional.of(
        new DecisionOptions(
            handover(visitor, stored),
            action(),
            approvable,
            !approvable && !approved && !stored.isUnreviewed(),
            LimitChoices.of(asked.submission(), resource.get()),
            UsualChoice.of(asked.submission(), resource.get(), usual),
            "LOCKBOX_PROFILE=%s lockbox approve %s".formatted(self, stored.id())));
  }

  /// A token for the signing page, if this person has a passkey that can sign there.
  private Optional<String> handover(Visitor visitor, StoredRequest stored) {
    var passkeys =
        Passkeys.of(
            store.tenants().keyring(stored.tenant()),
            visitor.person().subject(),
            parts.sites().approve());
    return passkeys.isEmpty()
        ? Optional.empty()
        : Optional.of(signingTokens.issue(visitor.secret(), stored).forTheBrowser());
  }

  private String action() {
    return parts.sites().approve().map(origin -> origin + "/sign").orElse("");
  }

  /// The unsigned end that every approver can bring about at once.
  @PostMapping("/requests/{r}/stop")
  ResponseEntity<byte[]> stop(Visitor visitor, @PathVariable String r) {
    visitor.caller().need(Role.APPROVER, "stop access");
    var stored = visibility.request(visitor.caller(), null, r);
    var stop =
        new RequestEvent.Ended(
            stored.id(), RequestEvent.EndCause.STOPPED, visitor.person().subject(), "");
    steps.take(stored.tenant(), stop, Optional.empty());
    return Pages.seeOther("/requests/" + stored.id());
  }

  /// How an approver decides from here: with a handover to the signing page, or with the command.
  /// `approvable` once nobody of the provider has to look first, while the policy asks them and
  /// until they have approved it; `unasked` if the policy asks others.
  public record DecisionOptions(
      Optional<String> handover,
      String action,
      boolean approvable,
      boolean unasked,
      LimitChoices choices,
      Optional<UsualChoice> usual,
      String command) {}
}
