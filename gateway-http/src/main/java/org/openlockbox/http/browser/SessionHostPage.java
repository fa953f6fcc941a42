package org.openlockbox.http.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import org.eclipse.jetty.http.HttpFields;
import org.openlockbox.core.canonical.Bytes;

/// The page at the gateway's own address that leads a browser to the host of its login. The portal
/// knows that address and not the hosts. The token stands behind `#` on both, so it is sent to
/// neither.
public record SessionHostPage(SessionHosts hosts) {
  public static final String PATH = "/_lockbox/open";

  private String script() {
    return """
    const token = location.hash.slice(1);
    const words = document.getElementById("words");
    history.replaceState(null, "", location.pathname);
    const label = token.split(".")[0].toLowerCase().replaceAll("_", "-");
    if (/^[a-z0-9-]{1,63}$/.test(label)) {
      const port = location.port ? ":" + location.port : "";
      location.replace(`https://${label}.%s${port}%s#${token}`);
    } else { words.textContent = "This address holds no token. Open the session from the page of the request again."; }
    """
        .formatted(hosts.domain(), LaunchPage.START);
  }

  public byte[] body() {
    return """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>OpenLockbox</title>
    <meta name="viewport" content="width=device-width, initial-scale=1"></head>
    <body><p id="words">Opening the session …</p>
    <noscript><p>This page needs JavaScript, to take the token out of the address.</p></noscript>
    <script>%s</script></body></html>
    """
        .formatted(script())
        .getBytes(UTF_8);
  }

  /// It runs this one script, and speaks to nobody.
  public HttpFields headers() {
    String digest = Base64.getEncoder().encodeToString(Bytes.ofUtf8(script()).sha256().bytes());
    HttpFields.Mutable headers = HttpFields.build();
    headers.put("content-type", "text/html; charset=utf-8");
    headers.put("cache-control", "no-store");
    headers.put("referrer-policy", "no-referrer");
    headers.put("x-content-type-options", "nosniff");
    headers.put("cross-origin-opener-policy", "same-origin");
    headers.put(
        "content-security-policy",
        "default-src 'none'; script-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            .formatted(digest));
    headers.put("content-length", body().length);
    return headers.asImmutable();
  }
}
