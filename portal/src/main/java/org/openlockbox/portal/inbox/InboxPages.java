package org.openlockbox.portal.inbox;

import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.keys.PendingProposal;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.proposal.Proposals;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.PageMark;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// What waits for somebody, what is in force now, and what was: the first page of everybody.
@Controller
public final class InboxPages {
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

  /// All lists, each with its first rows; or the later rows of one of them.
  @GetMapping("/inbox")
  ResponseEntity<byte[]> inbox(
      Visitor visitor,
      @RequestParam(defaultValue = "") String list,
      @RequestParam(defaultValue = "") String after) {
    var place = PageMark.parse(after).flatMap(mark -> InboxPlace.of(list, mark));
    var shown =
        new InboxLists(visitor, requests, requests.keyring(visitor), store.jdbc(), provider, place);
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("only", place.map(InboxPlace::list).orElse(""));
    model.put("approver", visitor.is(Role.APPROVER));
    shown.putInto(model);
    var keyring = place.isEmpty() ? shown.keyring() : Optional.<Keyring>empty();
    var changes = keyring.map(one -> changes(visitor, one)).orElse(List.of());
    model.put("last", place.isEmpty() ? last(visitor) : Optional.empty());
    model.put("changes", changes);
    model.put("waiting", shown.waiting(changes.size()));
    model.put("access", keyring.map(one -> one.settings().access()).orElse(ProviderAccess.ENABLED));
    model.put("keyless", keyring.filter(one -> isKeyless(visitor, one)).isPresent());
    model.put("unfounded", visitor.caller().tenant().isPresent() && shown.keyring().isEmpty());
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
    var whose = InboxRequests.scope(visitor);
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
}
