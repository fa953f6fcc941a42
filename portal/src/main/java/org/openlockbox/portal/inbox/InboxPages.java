package org.openlockbox.portal.inbox;

import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.keys.PendingProposal;
import org.openlockbox.portal.wording.PlainText;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.gateway.SessionRows;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.proposal.Proposals;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/// What waits for somebody, what is in force now, and what was: the first page of everybody.
@Controller
public final class InboxPages {
  private static final int RECENT = 10;

  /// Of so many requests the list has the reason, which is unsealed one by one.
  private static final int TOLD = 20;

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final InstantSource clock;
  private final InboxRequests requests;
  private final Proposals proposals;

  public InboxPages(
      PortalEdge.Parts parts,
      Provider provider,
      Store store,
      InstantSource clock,
      InboxRequests requests,
      Proposals proposals) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.clock = clock;
    this.requests = requests;
    this.proposals = proposals;
  }

  @GetMapping("/")
  ResponseEntity<byte[]> front(Visitor visitor) {
    return Pages.seeOther(visitor.frame().links().getFirst().href());
  }

  /// Whether the page that somebody has open is still what they would see. The answer is the mark
  /// of this moment, for a script to compare with the page's own. Looking is no use of a visit, so
  /// a page that is left open ends with it.
  @GetMapping("/fresh")
  ResponseEntity<String> fresh(HttpServletRequest request) {
    var pulse = parts.frames().pulse(request).orElseThrow(Problem::notSignedIn);
    return ResponseEntity.ok()
        .header(HttpHeaders.CONTENT_TYPE, "text/plain;charset=utf-8")
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .body(pulse.mark());
  }

  @GetMapping("/inbox")
  ResponseEntity<byte[]> inbox(Visitor visitor) {
    var pending = requests.waiting(visitor);
    var active =
        requests.list(visitor, "approved", InboxRequests.MOST).stream()
            .sorted(Comparator.comparing(stored -> EffectiveState.expires(stored.request())))
            .toList();
    var recent =
        requests.list(visitor, "", RECENT + pending.size() + active.size()).stream()
            .filter(stored -> isOver(stored))
            .limit(RECENT)
            .toList();
    visitor
        .frame()
        .learnTenants(
            Stream.of(pending, active, recent).flatMap(List::stream).map(StoredRequest::tenant));
    var keyring = requests.keyring(visitor);
    var asked = requests.asked(visitor, keyring, pending);
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("pending", waiting(visitor, asked));
    model.put("others", rows(visitor, without(pending, asked)));
    model.put("active", open(visitor, active));
    model.put("approver", visitor.is(Role.APPROVER));
    model.put("several", visitor.is(Role.APPROVER) && asked.size() > 1);
    model.put("last", last(visitor));
    model.put("recent", rows(visitor, recent));
    model.put("changes", keyring.map(one -> changes(visitor, one)).orElse(List.of()));
    model.put("access", keyring.map(one -> one.settings().access()).orElse(ProviderAccess.ENABLED));
    model.put("keyless", keyring.filter(one -> isKeyless(visitor, one)).isPresent());
    model.put("unfounded", visitor.caller().tenant().isPresent() && keyring.isEmpty());
    return parts.pages().page("inbox", model);
  }

  /// Whether this is an approver of whom no key counts yet.
  private static boolean isKeyless(Visitor visitor, Keyring keyring) {
    return visitor.is(Role.APPROVER) && !keyring.approvers().contains(visitor.person().subject());
  }

  /// The changes of the keyring that this person's signature would help.
  private List<PendingProposal> changes(Visitor visitor, Keyring keyring) {
    return PendingProposal.of(visitor, keyring.genesis().tenant(), keyring, proposals).stream()
        .filter(PendingProposal::wanted)
        .toList();
  }

  /// In one sentence, whose access ended last.
  private Optional<String> last(Visitor visitor) {
    var whose = InboxRequests.filter(visitor, "", 1);
    return AccessRequests.lastEnded(store.jdbc(), whose.tenant(), whose.engineer(), clock.instant())
        .map(
            stored -> {
              var frame = visitor.frame();
              var line = RequestLine.of(provider, frame, stored);
              return frame.say(
                  "inbox.last",
                  frame.time(line.times().at()),
                  line.what().resource(),
                  frame.say("level." + line.what().level().word()),
                  frame.words().duration(line.times().length()));
            });
  }

  private boolean isOver(StoredRequest stored) {
    var state = EffectiveState.state(stored.request(), clock.instant());
    return state != RequestState.PENDING && state != RequestState.APPROVED;
  }

  private static List<StoredRequest> without(List<StoredRequest> all, List<StoredRequest> some) {
    return all.stream().filter(one -> !some.contains(one)).toList();
  }

  private List<InboxRow> waiting(Visitor visitor, List<StoredRequest> stored) {
    var frame = visitor.frame();
    var rows = new ArrayList<InboxRow>();
    for (var one : stored) {
      boolean told = rows.size() < TOLD && visitor.caller().belongsTo(one.tenant());
      var reason = told ? requests.reason(one) : Optional.<PlainText>empty();
      rows.add(InboxRow.of(frame, RequestLine.of(provider, frame, one), one, reason));
    }
    return rows;
  }

  private List<OpenRow> open(Visitor visitor, List<StoredRequest> stored) {
    var frame = visitor.frame();
    var sessions = new SessionRows(store.jdbc()).open(stored);
    return stored.stream()
        .map(
            one ->
                OpenRow.of(
                    frame,
                    RequestLine.of(provider, frame, one),
                    sessions.getOrDefault(one.id(), 0)))
        .toList();
  }

  private List<RequestLine> rows(Visitor visitor, List<StoredRequest> stored) {
    return RequestLine.all(provider, visitor.frame(), stored);
  }
}
