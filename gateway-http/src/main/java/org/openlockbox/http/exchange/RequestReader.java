package org.openlockbox.http.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.operation.HttpFacts;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.http.catalogue.AnswerForm;
import org.openlockbox.http.catalogue.BodyRule;
import org.openlockbox.http.catalogue.HttpRoute;
import org.openlockbox.http.catalogue.HttpSpec;
import org.openlockbox.http.catalogue.Method;
import org.openlockbox.http.catalogue.RouteTable;
import org.openlockbox.http.uri.CanonicalPath;
import org.openlockbox.http.uri.CanonicalQuery;
import org.openlockbox.http.websocket.WebSocketUpgrades;

/// Holds a request against the catalogue. Whatever it does not list is refused, and the refusal is
/// an operation on record.
///
/// @param spec what the catalogue says of the resource
/// @param tenant the session's
/// @param level that of its access
record RequestReader(HttpSpec spec, TenantId tenant, Level level) {
  private static final int LONGEST_SHOWN = 2_000;

  /// What was asked for.
  ///
  /// @param text as it is recorded: method, what stood in the request line, and the headers that
  ///   are forwarded as the engineer sent them, each on a line of its own. Of a refused request the
  ///   request line alone, and not more of it than a reader needs
  record ReadRequest(String text, HttpFacts facts, ReadOutcome outcome) {}

  /// What becomes of it.
  sealed interface ReadOutcome {
    record MayPass(AcceptedRequest request) implements ReadOutcome {}

    record MustNotPass(HttpRefusal why) implements ReadOutcome {}
  }

  /// May wait for the body.
  ReadRequest read(Request request) throws IOException {
    Optional<Method> method = Method.of(request.getMethod());
    String raw = request.getHttpURI().getPathQuery();
    String text = request.getMethod() + " " + (raw == null ? "" : raw);
    HttpFacts unknown =
        new HttpFacts(method.map(Enum::name).orElse(HttpFacts.OTHER), Optional.empty());
    if (method.isEmpty()) {
      return refused(text, unknown, HttpRefusal.of("method", "no route has this method"));
    }
    Optional<CanonicalPath> path =
        Optional.of(request.getHttpURI())
            .filter(uri -> uri.getFragment() == null)
            .map(uri -> uri.getPath() == null ? "" : uri.getPath())
            .flatMap(CanonicalPath::parse);
    if (path.isEmpty()) {
      return refused(
          text, unknown, HttpRefusal.of("route", "this path has another form than the only one"));
    }
    return switch (spec.routes().find(method.get(), path.get(), value())) {
      case RouteTable.RouteMatch.NoRoute() ->
          refused(text, unknown, HttpRefusal.of("route", "no route has this path"));
      case RouteTable.RouteMatch.OtherTenant() ->
          refused(text, unknown, HttpRefusal.of("route", "this path is another customer's"));
      case RouteTable.RouteMatch.NoMethod() ->
          refused(text, unknown, HttpRefusal.of("method", "no route has this path and method"));
      case RouteTable.RouteMatch.Found(HttpRoute route) ->
          ofRoute(request, text, route, path.get());
    };
  }

  /// What stands for the tenant in paths.
  private String value() {
    return Optional.ofNullable(spec.tenants().get(tenant)).orElseThrow();
  }

  private static ReadRequest refused(String text, HttpFacts facts, HttpRefusal why) {
    String shown = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) : text;
    return new ReadRequest(shown, facts, new ReadOutcome.MustNotPass(why));
  }

  private ReadRequest ofRoute(Request request, String text, HttpRoute route, CanonicalPath path)
      throws IOException {
    HttpFacts facts = new HttpFacts(route.method().name(), Optional.of(route.name().value()));
    if (route.level().isWiderThan(level)) {
      return refused(
          text,
          facts,
          HttpRefusal.level(
              "%s needs the level %s, and this access has %s"
                  .formatted(route.name(), route.level().word(), level.word())));
    }
    String raw = request.getHttpURI().getQuery();
    Optional<CanonicalQuery> query =
        raw == null ? Optional.of(CanonicalQuery.NONE) : CanonicalQuery.parse(raw);
    if (query.isEmpty() || !route.request().query().containsAll(query.get().names())) {
      return refused(text, facts, wrongQuery(route, query));
    }
    if (route.answer().form() == AnswerForm.WEBSOCKET && !WebSocketUpgrades.isWhole(request)) {
      return refused(
          text, facts, HttpRefusal.noWebSocket(route.name() + " is a WebSocket and nothing else"));
    }
    Optional<URI> upstream = spec.upstream().of(tenant, path);
    if (upstream.isEmpty()) {
      return refused(text, facts, HttpRefusal.of("route", "no service has this path"));
    }
    CanonicalQuery forwarded = query.get().with(route.request().forcedFor(value()));
    return withBody(
        request, text, facts, new RequestTarget(upstream.get(), route, path, forwarded));
  }

  private static HttpRefusal wrongQuery(HttpRoute route, Optional<CanonicalQuery> query) {
    Set<String> forced = route.request().forced().keySet();
    boolean sent = query.filter(it -> it.names().stream().anyMatch(forced::contains)).isPresent();
    return sent
        ? HttpRefusal.forced("%s sets the parameters %s itself".formatted(route.name(), forced))
        : HttpRefusal.of(
            "parameter",
            "%s takes the parameters %s, each once"
                .formatted(route.name(), route.request().query()));
  }

  /// What the request line asks for.
  private record RequestTarget(
      URI upstream, HttpRoute route, CanonicalPath path, CanonicalQuery query) {}

  private static ReadRequest withBody(
      Request request, String text, HttpFacts facts, RequestTarget target) throws IOException {
    HttpRoute route = target.route();
    Optional<HttpRefusal> wrong = wrongBody(request, route);
    if (wrong.isPresent()) {
      return refused(text, facts, wrong.get());
    }
    int most = route.body().map(BodyRule::most).orElse(0);
    if (request.getLength() > most) {
      return refused(text, facts, HttpRefusal.tooLong(most));
    }
    ForwardedBody body = body(request, most);
    if (body.kept().size() > most) {
      return refused(text, facts, HttpRefusal.tooLong(most));
    }
    HttpFields headers = HeaderRules.toUpstream(request.getHeaders(), route);
    Optional<String> subprotocol = WebSocketUpgrades.subprotocol(request, route);
    return new ReadRequest(
        withHeaders(text, headers, subprotocol),
        facts,
        new ReadOutcome.MayPass(
            new AcceptedRequest(
                target.upstream(),
                route,
                target.path(),
                target.query(),
                headers,
                subprotocol,
                body)));
  }

  private static String withHeaders(
      String text, HttpFields forwarded, Optional<String> subprotocol) {
    StringBuilder all = new StringBuilder(text);
    for (HttpField each : forwarded) {
      if (!HeaderRules.isOfGateway(each)) {
        all.append('\n').append(each.getLowerCaseName()).append(": ").append(each.getValue());
      }
    }
    subprotocol.ifPresent(word -> all.append("\nsec-websocket-protocol: ").append(word));
    return all.toString();
  }

  private static Optional<HttpRefusal> wrongBody(Request request, HttpRoute route) {
    if (request.getHeaders().getFields(HttpHeader.CONTENT_TYPE).size() > 1) {
      return Optional.of(HttpRefusal.of("body", "a request has one Content-Type"));
    }
    boolean comes =
        request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    if (!comes) {
      return Optional.empty();
    }
    if (route.body().isEmpty()) {
      return Optional.of(HttpRefusal.of("body", route.name() + " takes no body"));
    }
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    return type != null && route.body().get().takes(type)
        ? Optional.empty()
        : Optional.of(
            new HttpRefusal(
                415,
                "body",
                "%s takes bodies of the types %s"
                    .formatted(route.name(), route.body().get().types()),
                "Say which type it is in Content-Type."));
  }

  /// One byte more than is allowed tells that there is too much. What is over is left to who
  /// answers (`UnreadBody`): to close the stream would fail the request while its client still
  /// sends.
  private static ForwardedBody body(Request request, int most) throws IOException {
    InputStream body = Request.asInputStream(request);
    Bytes begun = Bytes.of(body.readNBytes(Math.min(most, BodyRule.MOST_KEPT) + 1));
    if (begun.size() > BodyRule.MOST_KEPT && most > BodyRule.MOST_KEPT) {
      return new ForwardedBody.LongBody(begun, body, request.getLength(), most);
    }
    body.skipNBytes(body.available()); // of a piece that the stream holds, and nobody else has
    return new ForwardedBody.KeptBody(begun);
  }
}
