package org.openlockbox.http.browser;

/// The page at the gateway's own address that leads a browser to the host of its login. The portal
/// knows that address and not the hosts. The token stands behind `#` on both, so it is sent to
/// neither.
public final class SessionHostPage {
  public static final String PATH = "/_lockbox/open";

  private SessionHostPage() {}

  public static ScriptPage of(SessionHosts hosts) {
    return new ScriptPage(
        """
      const token = location.hash.slice(1);
      const words = document.getElementById("words");
      history.replaceState(null, "", location.pathname);
      const label = token.split(".")[0].toLowerCase().replaceAll("_", "-");
      if (/^[a-z0-9-]{1,63}$/.test(label)) {
        const port = location.port ? ":" + location.port : "";
        location.replace(`https://${label}.%s${port}%s#${token}`);
      } else { words.textContent = "This address holds no token. Open the session from the page of the request again."; }
      """
            .formatted(hosts.domain(), LaunchPage.START),
        false);
  }
}
