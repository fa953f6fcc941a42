package org.openlockbox.http.exchange;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.http.catalogue.HttpSpec;
import org.openlockbox.http.resource.HttpPlace;
import org.openlockbox.http.session.BearerToken;
import org.openlockbox.http.session.HttpSessions;
import org.openlockbox.http.session.HttpTraffic;
import org.openlockbox.http.socket.GatedEndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes each request to the session of its token. Whoever shows none, or one that opens nothing,
/// is told why and gets nothing else.
public final class GatewayHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayHandler.class);
  private static final int LONGEST_NAME = 200;

  private final HttpSessions sessions;
  private final Upstreams upstreams;

  public GatewayHandler(HttpSessions sessions, Upstreams upstreams) {
    this.sessions = sessions;
    this.upstreams = upstreams;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    EngineerAnswer answer = new EngineerAnswer(response);
    try {
      answered(request, answer);
      callback.succeeded();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      callback.failed(e);
    } catch (IOException e) {
      callback.failed(e); // the client has gone, or the access has ended: it gets no whole answer
    } catch (RuntimeException | Error e) {
      LOG.error("a request failed", e);
      callback.failed(e);
    }
    return true;
  }

  private void answered(Request request, EngineerAnswer answer)
      throws IOException, InterruptedException {
    if (request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1) {
      answer.refuse(HttpRefusal.version());
      return;
    }
    Optional<BearerToken> token =
        Optional.ofNullable(request.getHeaders().get(HttpHeader.AUTHORIZATION))
            .flatMap(BearerToken::parse);
    if (token.isEmpty()) {
      answer.refuse(HttpRefusal.noToken());
      return;
    }
    GatedEndPoint socket = socket(request);
    socket.served();
    switch (sessions.enter(token.get(), caller(request))) {
      case HttpSessions.LoginOutcome.UnknownToken() -> answer.refuse(HttpRefusal.unknownToken());
      case HttpSessions.LoginOutcome.NotAdmitted(var why) -> answer.refuse(HttpRefusal.of(why));
      case HttpSessions.LoginOutcome.LoggedIn(HttpTraffic session) ->
          exchange(request, answer, session, socket);
    }
  }

  private static HttpSessions.ClientOrigin caller(Request request) {
    var from = (InetSocketAddress) request.getConnectionMetaData().getRemoteSocketAddress();
    String name = Optional.ofNullable(request.getHeaders().get(HttpHeader.USER_AGENT)).orElse("");
    return new HttpSessions.ClientOrigin(
        from.getAddress(), name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name);
  }

  private static GatedEndPoint socket(Request request) {
    return GatedEndPoint.under(request.getConnectionMetaData().getConnection().getEndPoint())
        .orElseThrow(() -> new IllegalStateException("a connection without a gate"));
  }

  private void exchange(
      Request request, EngineerAnswer answer, HttpTraffic session, GatedEndPoint socket)
      throws IOException, InterruptedException {
    if (!socket.belongsTo(session)) {
      throw new IOException("a connection carries the requests of one session");
    }
    Exchange exchange = new Exchange(session, answer);
    switch (session.enter(exchange, socket)) {
      case OVER -> {
        answer.refuse(HttpRefusal.over());
        return;
      }
      case NO_ROOM -> {
        answer.refuse(HttpRefusal.connections(HttpTraffic.CONNECTIONS));
        return;
      }
      case BEGUN -> {}
    }
    try {
      Permit permit = session.parts().permit();
      HttpSpec spec = ((HttpPlace) permit.protection()).spec();
      TenantId tenant = permit.tenant();
      URI base = spec.upstream().of(tenant).orElseThrow();
      String value = Optional.ofNullable(spec.tenants().get(tenant)).orElseThrow();
      RequestReader reader = new RequestReader(spec.routes(), permit.level(), value);
      exchange.run(
          reader.read(request), accepted -> upstreams.send(base, permit.session(), accepted));
    } finally {
      session.leave(exchange);
    }
  }
}
