package org.openlockbox.portal.signing;

import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.passkey.Passkeys;
import org.openlockbox.portal.passkey.SigningForm;
import org.openlockbox.server.access.SigningIntent;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;

/// What a token of the signing page leads to: the request, and the passkeys that may sign about it.
/// Rights are looked at again each time.
public final class RequestsToSign {
  private final PortalEdge.Parts parts;
  private final Store store;
  private final Visibility visibility;

  public RequestsToSign(PortalEdge.Parts parts, Store store, Visibility visibility) {
    this.parts = parts;
    this.store = store;
    this.visibility = visibility;
  }

  /// The request, if this person may decide about it now: roles are looked at again.
  StoredRequest stored(SigningTokens.SigningContext taken) {
    var caller = taken.person().caller();
    caller.need(Role.APPROVER, "decide");
    caller.belongTo(taken.tenant());
    return visibility.request(caller, taken.tenant().value(), intent(taken).request().value());
  }

  static SigningIntent.Decide intent(SigningTokens.SigningContext taken) {
    if (taken.intent() instanceof SigningIntent.Decide decide) {
      return decide;
    }
    throw SigningForm.used();
  }

  Passkeys passkeys(SigningTokens.SigningContext taken) {
    return Passkeys.of(
        store.tenants().keyring(taken.tenant()), taken.person().subject(), parts.sites().approve());
  }
}
