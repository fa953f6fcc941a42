package org.openlockbox.http.browser;

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

  public static final ScriptPage PAGE = new ScriptPage(SCRIPT, true);

  private LaunchPage() {}
}
