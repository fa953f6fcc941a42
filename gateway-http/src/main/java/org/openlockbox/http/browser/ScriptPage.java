package org.openlockbox.http.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import org.eclipse.jetty.http.HttpFields;
import org.openlockbox.core.canonical.Bytes;

/// A page of the gateway's own, for browsers on their way to a session. It runs this one script and
/// no other, and takes nothing from anywhere.
///
/// @param callsItsHost whether the script may call the host that the page came from
public record ScriptPage(String script, boolean callsItsHost) {
  /// What is sent as the answer.
  public byte[] body() {
    return """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>OpenLockbox</title>
    <meta name="viewport" content="width=device-width, initial-scale=1"></head>
    <body><p id="words">Opening the session …</p>
    <noscript><p>This page needs JavaScript, to take the token out of the address.</p></noscript>
    <script>%s</script></body></html>
    """
        .formatted(script)
        .getBytes(UTF_8);
  }

  public HttpFields headers() {
    String digest = Base64.getEncoder().encodeToString(Bytes.ofUtf8(script).sha256().bytes());
    HttpFields.Mutable headers = HttpFields.build();
    headers.put("content-type", "text/html; charset=utf-8");
    headers.put("cache-control", "no-store");
    headers.put("referrer-policy", "no-referrer");
    headers.put("x-content-type-options", "nosniff");
    headers.put("cross-origin-opener-policy", "same-origin");
    headers.put(
        "content-security-policy",
        "default-src 'none'; script-src 'sha256-%s'; %sbase-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            .formatted(digest, callsItsHost ? "connect-src 'self'; " : ""));
    headers.put("content-length", body().length);
    return headers.asImmutable();
  }
}
