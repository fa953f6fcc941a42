package org.openlockbox.portal.keys;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.proposal.Proposals;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Whether there is any access to a tenant's data at all: what is in force, by which entry of the
/// log, and the proposals to change it.
@Controller
public final class AccessPages {
  private final PortalEdge.Parts parts;
  private final Store store;
  private final Proposals proposals;

  public AccessPages(PortalEdge.Parts parts, Store store, Proposals proposals) {
    this.parts = parts;
    this.store = store;
    this.proposals = proposals;
  }

  @GetMapping("/access")
  ResponseEntity<byte[]> show(Visitor visitor) {
    var keyring = store.tenants().keyring(tenant(visitor));
    var settings = keyring.settings();
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("now", settings.access());
    model.put("since", keyring.settingsSince());
    model.put(
        "mayPropose",
        ProposalRights.may(visitor.caller(), new KeyringChange.Edit.ReplaceSettings(settings)));
    model.put("others", others(settings.access()));
    return parts.pages().page("keys/access", model);
  }

  private static List<ProviderAccess> others(ProviderAccess now) {
    return Arrays.stream(ProviderAccess.values()).filter(access -> access != now).toList();
  }

  @PostMapping("/access")
  ResponseEntity<byte[]> propose(Visitor visitor, @RequestParam String access) {
    var tenant = tenant(visitor);
    var now = store.tenants().keyring(tenant).settings();
    var change = new KeyringChange.Edit.ReplaceSettings(now.with(parse(access)));
    ProposalRights.need(visitor.caller(), change);
    var proposal = proposals.open(tenant, visitor.person().subject(), change);
    return parts.done(ProposalPages.path(proposal), "proposal.made");
  }

  private static ProviderAccess parse(String word) {
    try {
      return ProviderAccess.parse(word);
    } catch (IllegalArgumentException e) {
      throw Problem.malformed("access is one of those offered");
    }
  }

  private static TenantId tenant(Visitor visitor) {
    return visitor.caller().tenant().orElseThrow(Problem::notFound);
  }
}
