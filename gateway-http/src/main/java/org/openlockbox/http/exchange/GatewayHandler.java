package org.openlockbox.http.exchange;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.login.BearerToken;
import org.openlockbox.http.assertion.Assertions;
import org.openlockbox.http.browser.BrowserLaunches;
import org.openlockbox.http.browser.FetchCheck;
import org.openlockbox.http.browser.ScriptPage;
import org.openlockbox.http.browser.SessionHostPage;
import org.openlockbox.http.browser.SessionHosts;
import org.openlockbox.http.browser.SessionHosts.SessionHost;
import org.openlockbox.http.catalogue.HttpSpec;
import org.openlockbox.http.exchange.Forwarding.EngineerRequest;
import org.openlockbox.http.exchange.Forwarding.ForwardingParts;
import org.openlockbox.http.resource.HttpPlace;
import org.openlockbox.http.session.HttpSessions;
import org.openlockbox.http.session.HttpTraffic;
import org.openlockbox.http.socket.GatedEndPoint;
import org.openlockbox.http.socket.PlainFraming;
import org.openlockbox.http.socket.UnreadBody;
import org.openlockbox.http.websocket.WebSocketUpgrades;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes each request to the session of its token. Whoever shows none, or one that opens nothing,
/// is told why and gets nothing else.
public final class GatewayHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayHandler.class);
  private static final int LONGEST_NAME = 200;

  private static final String KEYS = "/.well-known/jwks.json";
  private static final String DOMAIN = "/_lockbox/domain";

  private final HttpSessions sessions;
  private final ForwardingParts parts;
  private final BrowserLogin browsers;

  public GatewayHandler(
      HttpSessions sessions,
      Upstreams upstreams,
      WebSocketUpgrades upgrades,
      Assertions assertions,
      BrowserEntrance entrance) {
    this.sessions = sessions;
    this.browsers = new BrowserLogin(entrance.hosts(), entrance.launches(), sessions);
    this.parts = new ForwardingParts(upstreams, upgrades, assertions);
  }

  /// How browsers come in.
  ///
  /// @param hosts empty where they do not
  public record BrowserEntrance(Optional<SessionHosts> hosts, BrowserLaunches launches) {}

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    EngineerAnswer answer = new EngineerAnswer(response, audience(request));
    try {
      if (answered(new EngineerRequest(request, response, callback), answer)) {
        UnreadBody.passOver(request);
        callback.succeeded();
      }
    } catch (IOException e) {
      callback.failed(e); // the client has gone, or the access has ended: it gets no whole answer
    } catch (RuntimeException | Error e) {
      LOG.error("a request failed", e);
      callback.failed(e);
    }
    return true;
  }

  /// Whether it has been answered; if not, it goes on as a WebSocket.
  private boolean answered(EngineerRequest from, EngineerAnswer answer) throws IOException {
    Request request = from.request();
    if (request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1) {
      answer.refuse(HttpRefusal.version());
      return true;
    }
    if (!PlainFraming.holds(request.getHeaders())) {
      answer.refuseAndClose(HttpRefusal.coding());
      return true;
    }
    if (asksForKeys(request)) {
      answer.publish("application/jwk-set+json", parts.assertions().jwks());
      return true;
    }
    if (isGet(request, DOMAIN)) {
      answer.publish("application/json", browsers.domain());
      return true;
    }
    Optional<ScriptPage> page = browsers.sessionHostPage().filter(_ -> asksForSessionHost(request));
    if (page.isPresent()) {
      answer.page(page.get());
      return true;
    }
    GatedEndPoint socket = socket(request);
    try {
      Optional<BearerToken> token = token(from, answer, socket);
      return token.isEmpty() || entered(from, answer, token.get(), socket);
    } finally {
      socket.answered();
    }
  }

  private EngineerAnswer.AnswerAudience audience(Request request) {
    if (browsers.host(request).isEmpty()) {
      return EngineerAnswer.AnswerAudience.PROGRAM;
    }
    return FetchCheck.isNavigation(request.getHeaders())
        ? EngineerAnswer.AnswerAudience.PERSON
        : EngineerAnswer.AnswerAudience.BROWSER;
  }

  /// Whose request it is; empty where it has been answered. What comes to a session host comes with
  /// a cookie, and everywhere else with a header.
  private Optional<BearerToken> token(
      EngineerRequest from, EngineerAnswer answer, GatedEndPoint socket) throws IOException {
    Request request = from.request();
    Optional<SessionHost> host = browsers.host(request);
    if (host.isPresent()) {
      socket.served();
      return browsers.enter(
          new BrowserLogin.BrowserRequest(request, host.get(), caller(request), socket::belongsTo),
          answer);
    }
    Optional<BearerToken> token =
        Optional.ofNullable(request.getHeaders().get(HttpHeader.AUTHORIZATION))
            .flatMap(BearerToken::parse);
    if (token.isEmpty()) {
      answer.refuse(HttpRefusal.noToken());
    } else if (browsers.hasTaken(token.get())) {
      answer.refuse(HttpRefusal.usedLink());
      return Optional.empty();
    }
    return token;
  }

  private boolean entered(
      EngineerRequest from, EngineerAnswer answer, BearerToken token, GatedEndPoint socket)
      throws IOException {
    socket.served();
    return switch (sessions.enter(token, caller(from.request()))) {
      case HttpSessions.LoginOutcome.UnknownToken() -> {
        browsers.end(token);
        answer.refuseForGood(HttpRefusal.unknownToken());
        yield true;
      }
      case HttpSessions.LoginOutcome.NotAdmitted(var why) -> {
        if (why.reason() == Deny.DenyReason.NOT_APPROVED) {
          browsers.end(token);
          answer.refuseForGood(HttpRefusal.of(why));
        } else {
          answer.refuse(HttpRefusal.of(why));
        }
        yield true;
      }
      case HttpSessions.LoginOutcome.LoggedIn(HttpTraffic session) -> {
        if (browsers.host(from.request()).isEmpty() && !browsers.comesAsBearer(token)) {
          answer.refuse(HttpRefusal.usedLink());
          yield true;
        }
        yield exchange(from, answer, session, socket);
      }
    };
  }

  /// The public keys of assertions are for everybody.
  private static boolean asksForKeys(Request request) {
    return isGet(request, KEYS) && !request.getHeaders().contains(HttpHeader.AUTHORIZATION);
  }

  private boolean asksForSessionHost(Request request) {
    return isGet(request, SessionHostPage.PATH) && browsers.host(request).isEmpty();
  }

  private static boolean isGet(Request request, String path) {
    return request.getMethod().equals("GET") && path.equals(request.getHttpURI().getPathQuery());
  }

  /// What the client calls itself is a stranger's word; the log takes no text that nobody can see.
  private static HttpSessions.ClientOrigin caller(Request request) {
    var from = (InetSocketAddress) request.getConnectionMetaData().getRemoteSocketAddress();
    String name = Optional.ofNullable(request.getHeaders().get(HttpHeader.USER_AGENT)).orElse("");
    String some = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
    return new HttpSessions.ClientOrigin(from.getAddress(), TextRules.shown(some));
  }

  private static GatedEndPoint socket(Request request) {
    return GatedEndPoint.under(request.getConnectionMetaData().getConnection().getEndPoint())
        .orElseThrow(() -> new IllegalStateException("a connection without a gate"));
  }

  private boolean exchange(
      EngineerRequest from, EngineerAnswer answer, HttpTraffic session, GatedEndPoint socket)
      throws IOException {
    if (!socket.belongsTo(session)) {
      answer.refuseAndClose(HttpRefusal.otherSession());
      return true;
    }
    Permit permit = session.parts().permit();
    HttpSpec spec = ((HttpPlace) permit.protection()).spec();
    TenantId tenant = permit.tenant();
    Exchange exchange =
        new Exchange(
            session, answer, Optional.ofNullable(spec.answers().get(tenant)).orElseThrow());
    switch (session.enter(exchange, socket)) {
      case OVER -> {
        answer.refuse(HttpRefusal.over());
        return true;
      }
      case NO_ROOM -> {
        answer.refuse(HttpRefusal.connections(HttpTraffic.CONNECTIONS));
        return true;
      }
      case BEGUN -> {}
    }
    Optional<WebSocketRelay> goesOn = Optional.empty();
    try {
      RequestReader reader = new RequestReader(spec, tenant, permit.level());
      goesOn = exchange.run(reader.read(from.request()), new Forwarding(from, permit, spec, parts));
    } finally {
      if (goesOn.isEmpty()) {
        session.leave(exchange);
      }
    }
    goesOn.ifPresent(relay -> goOn(relay, exchange, session));
    return goesOn.isEmpty();
  }

  private static void goOn(WebSocketRelay relay, Exchange exchange, HttpTraffic session) {
    var _ =
        Thread.ofVirtual()
            .name("websocket-out")
            .start(
                () -> {
                  try {
                    relay.run();
                  } finally {
                    session.leave(exchange);
                  }
                });
  }
}
