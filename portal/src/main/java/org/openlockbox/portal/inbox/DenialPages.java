package org.openlockbox.portal.inbox;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.passkey.Passkeys;
import org.openlockbox.portal.ui.PageLinks;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.PageMark;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Several requests that an approver denies together, for one reason. It decides nothing: each
/// denial is a statement of its own, and signed on its own (ADR 82).
@Controller
public final class DenialPages {
  public static final String PATH = "/deny";

  /// The passkey is asked once for each of them.
  static final int MOST = 20;

  private static final Duration JUST_NOW = Duration.ofMinutes(10);

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final InstantSource clock;
  private final InboxRequests requests;
  private final SigningTokens signingTokens;

  public DenialPages(
      PortalEdge.Parts parts,
      Provider provider,
      Store store,
      InstantSource clock,
      InboxRequests requests,
      SigningTokens signingTokens) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.clock = clock;
    this.requests = requests;
    this.signingTokens = signingTokens;
  }

  @GetMapping(PATH)
  ResponseEntity<byte[]> choose(Visitor visitor, @RequestParam Map<String, String> fields) {
    visitor.caller().need(Role.APPROVER, "deny requests");
    var keyring = requests.keyring(visitor);
    var after = PageMark.parse(fields.getOrDefault("after", ""));
    var found = requests.waiting(visitor, keyring, after, MOST, (asked, _) -> fills(asked, fields));
    var waiting = found.asked();
    boolean signable = keyring.filter(one -> !passkeys(visitor, one).isEmpty()).isPresent();
    var groups = DenialGroup.of(waiting);
    var chosen = groups.stream().filter(group -> group.isAskedFor(fields)).findFirst();
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("groups", groups);
    model.put("chosen", chosen);
    model.put("signable", signable);
    model.put("rows", signable ? rows(visitor, first(waiting, chosen), chosen) : List.of());
    model.put("left", Math.max(0, waiting.size() - MOST));
    model.put("more", found.beyond().isPresent());
    model.put("links", PageLinks.of(PATH, PATH, after, found.beyond()));
    model.put("denied", denied(visitor));
    model.put("none", fields.containsKey("none"));
    model.put("action", parts.sites().handTo("/sign/denials"));
    return parts.pages().page("deny", model);
  }

  /// Whether these are as many as can be signed at once: of the group that is asked for, or of all.
  private static boolean fills(List<StoredRequest> asked, Map<String, String> fields) {
    return DenialGroup.chosen(asked, fields).size() >= MOST;
  }

  /// As many as can be signed at once, those of the chosen group first.
  private static List<StoredRequest> first(
      List<StoredRequest> waiting, Optional<DenialGroup> chosen) {
    return waiting.stream()
        .sorted((one, other) -> Boolean.compare(isChosen(other, chosen), isChosen(one, chosen)))
        .limit(MOST)
        .toList();
  }

  private static boolean isChosen(StoredRequest stored, Optional<DenialGroup> chosen) {
    return chosen.filter(group -> group.has(stored)).isPresent();
  }

  private List<DeniableRow> rows(
      Visitor visitor, List<StoredRequest> waiting, Optional<DenialGroup> chosen) {
    var frame = visitor.frame();
    var reasons = requests.reasons(visitor, waiting);
    return waiting.stream()
        .map(
            one ->
                new DeniableRow(
                    InboxRow.of(
                        frame, RequestLine.of(provider, frame, one), one, reasons.apply(one)),
                    signingTokens.issue(visitor.secret(), one).forTheBrowser(),
                    isChosen(one, chosen)))
        .toList();
  }

  /// What this visitor has just denied: the confirmation of what was signed.
  private List<RequestLine> denied(Visitor visitor) {
    var since = clock.instant().minus(JUST_NOW);
    var tenant = visitor.caller().tenant().orElseThrow(Problem::notFound);
    return AccessRequests.of(store.jdbc(), tenant)
        .denied(visitor.person().subject(), since, MOST)
        .stream()
        .map(one -> RequestLine.of(provider, visitor.frame(), one))
        .toList();
  }

  private Passkeys passkeys(Visitor visitor, Keyring keyring) {
    return Passkeys.of(keyring, visitor.person().subject(), parts.sites().approve());
  }
}
