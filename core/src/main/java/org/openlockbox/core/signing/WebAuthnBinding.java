package org.openlockbox.core.signing;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;

/// What a passkey was enrolled with, and what each of its assertions is therefore held to: the
/// relying party id, the exact origins of the pages that may ask it, and whether it may be backed
/// up. `credentialId` tells a browser which passkey to use; it proves nothing.
public record WebAuthnBinding(
    String rpId, List<String> origins, Bytes credentialId, boolean backupEligible) {
  private static final int MAX_ORIGINS = 8;
  private static final int MAX_CREDENTIAL_ID = 1023;
  private static final Pattern HOST =
      Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

  public WebAuthnBinding {
    origins = List.copyOf(origins);
    if (rpId.length() > 253 || !HOST.matcher(rpId).matches()) {
      throw new UnacceptableKey("the relying party id is a host name: " + rpId);
    }
    if (origins.isEmpty() || origins.size() > MAX_ORIGINS) {
      throw new UnacceptableKey("a passkey has 1 to %d origins".formatted(MAX_ORIGINS));
    }
    for (var origin : origins) {
      checkOrigin(origin, rpId);
    }
    if (credentialId.isEmpty() || credentialId.size() > MAX_CREDENTIAL_ID) {
      throw new UnacceptableKey("a credential id has 1 to 1023 bytes");
    }
  }

  /// An origin is scheme, host and port as browsers serialise them, of a host within the relying
  /// party id. Plain HTTP only on this very machine (RFC 6761), where browsers allow it too.
  private static void checkOrigin(String origin, String rpId) {
    try {
      var uri = new URI(origin);
      var host = uri.getHost() == null ? "" : uri.getHost();
      boolean secure =
          "https".equals(uri.getScheme())
              || ("http".equals(uri.getScheme())
                  && (host.equals("localhost") || host.endsWith(".localhost")));
      boolean bare = origin.equals(serialised(uri.getScheme(), host, uri.getPort()));
      boolean inScope = host.equals(rpId) || host.endsWith("." + rpId);
      if (secure && bare && inScope && HOST.matcher(host).matches()) {
        return;
      }
    } catch (URISyntaxException e) {
      throw new UnacceptableKey("not an origin: " + origin, e);
    }
    throw new UnacceptableKey("not an origin of the relying party " + rpId + ": " + origin);
  }

  private static String serialised(String scheme, String host, int port) {
    boolean isDefault =
        port == -1
            || ("https".equals(scheme) && port == 443)
            || ("http".equals(scheme) && port == 80);
    return scheme + "://" + host + (isDefault ? "" : ":" + port);
  }

  public static WebAuthnBinding parse(Fields fields) {
    var binding =
        new WebAuthnBinding(
            fields.text("rpId"),
            fields.texts("origins"),
            fields.bytes("credentialId"),
            fields.flag("backupEligible"));
    fields.done();
    return binding;
  }

  public Json.Object toJson() {
    return Json.object()
        .put("rpId", rpId)
        .putTexts("origins", origins)
        .put("credentialId", credentialId)
        .put("backupEligible", backupEligible)
        .build();
  }
}
