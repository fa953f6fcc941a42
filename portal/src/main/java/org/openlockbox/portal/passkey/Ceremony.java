package org.openlockbox.portal.passkey;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.portal.edge.Sites;
import org.openlockbox.server.identity.Secret;

/// What a page of the approve origin gives to the browser to let a passkey sign: the very bytes,
/// which passkeys may, the draft that the signature is sent with, to `send`, and the page to go
/// back to. A browser whose history leads here again later has nothing to sign any more: `again` is
/// where it goes instead.
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
        "/sign/back?page=" + URLEncoder.encode(back, StandardCharsets.UTF_8),
        send);
  }
}
