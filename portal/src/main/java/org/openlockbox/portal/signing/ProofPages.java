package org.openlockbox.portal.signing;

import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.history.History;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.wording.LoggedRequest;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.log.entry.Histories;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/// What was signed about a request, for the tenant's people and its engineer: to the byte and with
/// its proof, on a page and as a file.
@Controller
public final class ProofPages {
  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final Histories histories;
  private final Visibility visibility;
  private final Conditions conditions;

  public ProofPages(
      PortalEdge.Parts parts,
      Provider provider,
      Store store,
      Histories histories,
      Visibility visibility,
      Conditions conditions) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.histories = histories;
    this.visibility = visibility;
    this.conditions = conditions;
  }

  /// The check is the one that gateways and the offline verifier make.
  @GetMapping("/requests/{r}/proof")
  ResponseEntity<byte[]> show(Visitor visitor, @PathVariable String r) {
    var stored = visibility.evidence(visitor.caller(), null, r);
    var frame = visitor.frame();
    var keyring = store.tenants().keyring(stored.tenant());
    var shown = shown(stored);
    var check =
        History.check(
            Optional.of(keyring.pin()),
            stored.tenant(),
            stored.id(),
            shown.logged(),
            shown.checkpoint().note().format(),
            conditions);
    var signed =
        SignedStatements.of(
            frame,
            LoggedRequest.read(store, stored),
            RequestLine.resourceName(provider, stored),
            keyring,
            shown,
            check);
    return parts
        .pages()
        .page("proof", Map.of("frame", frame, "id", stored.id().value(), "signed", signed));
  }

  private Histories.RequestHistory shown(StoredRequest stored) {
    return histories.of(stored.tenant(), stored.id());
  }

  /// Every entry that decides about the request, each with its proof, and the checkpoint.
  @GetMapping("/requests/{r}/proof.json")
  ResponseEntity<byte[]> file(Visitor visitor, @PathVariable String r) {
    var stored = visibility.evidence(visitor.caller(), null, r);
    var name = "attachment; filename=\"%s-proof.json\"".formatted(stored.id());
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .header("Content-Disposition", name)
        .body(CanonicalJson.bytes(shown(stored).toJson().build()));
  }
}
