package org.openlockbox.portal.passkey;

import org.openlockbox.core.signing.Envelope;
import org.openlockbox.portal.edge.Sites;
import org.openlockbox.server.identity.Secret;

/// What a page of the approve origin gives to the browser to let a passkey sign: the very bytes,
/// which passkeys may, the draft that the signature is sent with, to `send`, and the page to go
/// back to. What the page shows is the answer to a form, and its token is good once: `again` is the
/// address that a browser loads instead if it loads this page again or comes back to it.
public record Ceremony(
    String payload,
    String payloadType,
    String draft,
    String relyingParty,
    String credentials,
    String back,
    String again,
    String send) {

  public static Ceremony of(
      Sites sites, Envelope unsigned, Secret draft, Passkeys passkeys, String send, String back) {
    return new Ceremony(
        unsigned.payload().utf8(),
        unsigned.payloadType(),
        draft.forTheBrowser(),
        sites.relyingParty(),
        passkeys.credentials(),
        sites.portal() + back,
        "/sign?page=" + back.substring(1),
        send);
  }
}
