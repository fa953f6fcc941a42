package org.openlockbox.http.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import org.eclipse.jetty.http.HttpFields;
import org.openlockbox.core.canonical.Bytes;

/// The page that a link leads to. It takes the token out of the address at once, sends it, and goes
/// on to the service. What stands behind `#` a browser neither sends nor puts into `Referer`.
public final class LaunchPage {
  /// Where it lies, and where it sends the token. No route of a service begins with this.
  public static final String START = "/_lockbox/start";

  public static final String SESSION = "/_lockbox/session";

  private static final String SCRIPT =
      """
      const token = location.hash.slice(1);
      const words = document.getElementById("words");
      history.replaceState(null, "", location.pathname);
      fetch("/_lockbox/session", {method: "POST", body: token, headers: {"content-type": "text/plain"}})
        .then(async answer => {
          const said = await answer.json();
          if (answer.ok) { location.replace(said.next); } else { words.textContent = said.detail + ". " + said.hint; }
        })
        .catch(() => { words.textContent = "The gateway does not answer. Run lockbox open again."; });
      """;

  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>OpenLockbox</title>
      <meta name="viewport" content="width=device-width, initial-scale=1"></head>
      <body><p id="words">Opening the session …</p>
      <noscript><p>This page needs JavaScript, to take the token out of the address.</p></noscript>
      <script>%s</script></body></html>
      """
          .formatted(SCRIPT);

  private LaunchPage() {}

  public static byte[] body() {
    return PAGE.getBytes(UTF_8);
  }

  /// It runs this one script, and speaks to its own host.
  public static HttpFields headers() {
    String digest = Base64.getEncoder().encodeToString(Bytes.ofUtf8(SCRIPT).sha256().bytes());
    HttpFields.Mutable headers = HttpFields.build();
    headers.put("content-type", "text/html; charset=utf-8");
    headers.put("cache-control", "no-store");
    headers.put("referrer-policy", "no-referrer");
    headers.put("x-content-type-options", "nosniff");
    headers.put("cross-origin-opener-policy", "same-origin");
    headers.put(
        "content-security-policy",
        "default-src 'none'; script-src 'sha256-%s'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            .formatted(digest));
    headers.put("content-length", body().length);
    return headers.asImmutable();
  }
}
