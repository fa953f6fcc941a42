package org.openlockbox.http.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.login.BearerToken;
import org.openlockbox.http.browser.BrowserLaunches;
import org.openlockbox.http.browser.FetchCheck;
import org.openlockbox.http.browser.LaunchPage;
import org.openlockbox.http.browser.ScriptPage;
import org.openlockbox.http.browser.SessionHostPage;
import org.openlockbox.http.browser.SessionHosts;
import org.openlockbox.http.browser.SessionHosts.SessionHost;
import org.openlockbox.http.catalogue.AnswerForm;
import org.openlockbox.http.catalogue.HttpSpec;
import org.openlockbox.http.catalogue.Method;
import org.openlockbox.http.resource.HttpPlace;
import org.openlockbox.http.session.HttpSessions;
import org.openlockbox.http.session.HttpSessions.LoginOutcome;
import org.openlockbox.http.session.HttpTraffic;
import org.openlockbox.http.websocket.WebSocketUpgrades;

/// How browsers come in. A link is exchanged for a cookie, once; then each request has to come from
/// the cookie's own origin.
final class BrowserLogin {
  private static final int LONGEST_TOKEN = 200;

  private final Optional<SessionHosts> hosts;
  private final BrowserLaunches launches;
  private final HttpSessions sessions;

  /// @param hosts empty where no browser is let in
  BrowserLogin(Optional<SessionHosts> hosts, BrowserLaunches launches, HttpSessions sessions) {
    this.hosts = hosts;
    this.launches = launches;
    this.sessions = sessions;
  }

  /// The session host that a request names, if it names one.
  Optional<SessionHost> host(Request request) {
    return Optional.ofNullable(request.getHeaders().get(HttpHeader.HOST))
        .flatMap(authority -> hosts.flatMap(it -> it.of(authority)));
  }

  /// What tools need to know of session hosts, in JSON.
  String domain() {
    return hosts.map(it -> "{\"sessionDomain\":\"" + it.domain() + "\"}").orElse("{}");
  }

  /// The page at the gateway's own address that leads to session hosts, where there are any.
  Optional<ScriptPage> sessionHostPage() {
    return hosts.map(SessionHostPage::of);
  }

  /// Whether a browser has taken this token over.
  boolean hasTaken(BearerToken token) {
    return launches.isUsed(token);
  }

  /// Whose request it is; empty where it has been answered.
  Optional<BearerToken> enter(BrowserRequest from, EngineerAnswer answer) throws IOException {
    String path = from.request().getHttpURI().getPathQuery();
    String method = from.request().getMethod();
    if (method.equals("GET") && LaunchPage.START.equals(path)) {
      answer.page(LaunchPage.PAGE);
      return Optional.empty();
    }
    boolean webSocket = WebSocketUpgrades.isAskedBy(from.request());
    if (!FetchCheck.passes(from.request().getHeaders(), from.host(), webSocket)) {
      answer.refuse(HttpRefusal.foreign());
      return Optional.empty();
    }
    if (LaunchPage.SESSION.equals(path)) {
      launch(from, answer);
      return Optional.empty();
    }
    Optional<String> cookie = cookie(from.request());
    Optional<BearerToken> token = cookie.flatMap(it -> launches.of(it, from.host()));
    if (token.isEmpty()) {
      if (cookie.filter(it -> launches.hasEnded(it, from.host())).isPresent()) {
        answer.refuseForGood(HttpRefusal.noCookie());
      } else {
        answer.refuse(HttpRefusal.noCookie());
      }
    }
    return token;
  }

  /// A request to a session host.
  record BrowserRequest(
      Request request, SessionHost host, HttpSessions.ClientOrigin caller, SocketClaim socket) {}

  /// Takes the connection for a session.
  interface SocketClaim {
    /// Whether it is this session's from now on.
    boolean belongsTo(HttpTraffic session);
  }

  private static Optional<String> cookie(Request request) {
    List<HttpCookie> named =
        Request.getCookies(request).stream()
            .filter(each -> each.getName().equals(BrowserLaunches.COOKIE))
            .toList();
    return named.size() == 1 ? Optional.of(named.getFirst().getValue()) : Optional.empty();
  }

  private void launch(BrowserRequest from, EngineerAnswer answer) throws IOException {
    if (!from.request().getMethod().equals("POST")
        || !from.request().getHeaders().contains(HttpHeader.ORIGIN)) {
      answer.refuse(HttpRefusal.foreign());
      return;
    }
    Optional<BearerToken> token = token(from);
    if (token.isEmpty()) {
      answer.refuse(HttpRefusal.unknownLink());
    } else if (!launches.use(token.get())) {
      answer.refuse(HttpRefusal.usedLink());
    } else {
      launched(from, answer, token.get());
    }
  }

  private static Optional<BearerToken> token(BrowserRequest from) throws IOException {
    try (InputStream body = Request.asInputStream(from.request())) {
      String sent = new String(body.readNBytes(LONGEST_TOKEN), US_ASCII);
      return BearerToken.parse("Bearer " + sent).filter(it -> from.host().isOf(it.user()));
    }
  }

  private void launched(BrowserRequest from, EngineerAnswer answer, BearerToken token)
      throws IOException {
    switch (sessions.enter(token, from.caller())) {
      case LoginOutcome.UnknownToken() -> {
        launches.giveBack(token);
        answer.refuse(HttpRefusal.unknownLink());
      }
      case LoginOutcome.NotAdmitted(var why) -> {
        launches.giveBack(token);
        answer.refuse(HttpRefusal.of(why));
      }
      case LoginOutcome.LoggedIn(HttpTraffic session) -> {
        if (!from.socket().belongsTo(session)) {
          throw new IOException("a connection carries the requests of one session");
        }
        answer.launched(launches.cookie(token), next(session.parts().permit()));
      }
    }
  }

  /// The first page that the catalogue lists and the level opens.
  private static String next(Permit permit) {
    HttpSpec spec = ((HttpPlace) permit.protection()).spec();
    String tenant = Optional.ofNullable(spec.tenants().get(permit.tenant())).orElseThrow();
    return spec.routes().routes().stream()
        .filter(each -> each.method() == Method.GET && !each.path().isOpen())
        .filter(each -> each.answer().form() == AnswerForm.OPAQUE)
        .filter(each -> !each.level().isWiderThan(permit.level()))
        .findFirst()
        .map(each -> each.path().example(tenant, "").toString())
        .orElse("/");
  }

  /// Takes a token as a bearer token; false if a browser came with it.
  boolean comesAsBearer(BearerToken token) {
    return launches.useAsBearer(token);
  }

  /// Its access is over, so its cookies are.
  void end(BearerToken token) {
    launches.end(token);
  }
}
