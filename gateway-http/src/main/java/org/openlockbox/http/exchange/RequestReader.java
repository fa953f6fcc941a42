package org.openlockbox.http.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.operation.HttpFacts;
import org.openlockbox.http.catalogue.BodyRule;
import org.openlockbox.http.catalogue.HttpRoute;
import org.openlockbox.http.catalogue.Method;
import org.openlockbox.http.catalogue.RouteTable;
import org.openlockbox.http.uri.CanonicalPath;
import org.openlockbox.http.uri.CanonicalQuery;

/// Holds a request against the catalogue. Whatever it does not list is refused, and the refusal is
/// an operation on record.
///
/// @param tenant the value of the session's tenant in paths
record RequestReader(RouteTable routes, Level level, String tenant) {
  private static final int LONGEST_SHOWN = 2_000;

  /// What was asked for.
  ///
  /// @param text as it is recorded: method, and what stood in the request line
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
    String shown = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) : text;
    HttpFacts unknown =
        new HttpFacts(method.map(Enum::name).orElse(HttpFacts.OTHER), Optional.empty());
    if (method.isEmpty()) {
      return refused(shown, unknown, HttpRefusal.of("method", "no route has this method"));
    }
    Optional<CanonicalPath> path =
        Optional.of(request.getHttpURI())
            .filter(uri -> uri.getFragment() == null)
            .map(uri -> uri.getPath() == null ? "" : uri.getPath())
            .flatMap(CanonicalPath::parse);
    if (path.isEmpty()) {
      return refused(
          shown, unknown, HttpRefusal.of("route", "this path has another form than the only one"));
    }
    return switch (routes.find(method.get(), path.get(), tenant)) {
      case RouteTable.RouteMatch.NoRoute() ->
          refused(shown, unknown, HttpRefusal.of("route", "no route has this path"));
      case RouteTable.RouteMatch.OtherTenant() ->
          refused(shown, unknown, HttpRefusal.of("route", "this path is another customer's"));
      case RouteTable.RouteMatch.NoMethod() ->
          refused(shown, unknown, HttpRefusal.of("method", "no route has this path and method"));
      case RouteTable.RouteMatch.Found(HttpRoute route) ->
          ofRoute(request, shown, route, path.get());
    };
  }

  private static ReadRequest refused(String text, HttpFacts facts, HttpRefusal why) {
    return new ReadRequest(text, facts, new ReadOutcome.MustNotPass(why));
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
    if (query.isEmpty() || !route.query().containsAll(query.get().names())) {
      return refused(
          text,
          facts,
          HttpRefusal.of(
              "parameter",
              "%s takes the parameters %s, each once".formatted(route.name(), route.query())));
    }
    return withBody(request, text, facts, new RequestTarget(route, path, query.get()));
  }

  /// What the request line asks for.
  private record RequestTarget(HttpRoute route, CanonicalPath path, CanonicalQuery query) {}

  private static ReadRequest withBody(
      Request request, String text, HttpFacts facts, RequestTarget target) throws IOException {
    HttpRoute route = target.route();
    Optional<HttpRefusal> wrong = wrongBody(request, route);
    if (wrong.isPresent()) {
      return refused(text, facts, wrong.get());
    }
    Bytes body = body(request, route);
    if (route.body().filter(rule -> body.size() > rule.most()).isPresent()) {
      return refused(
          text,
          facts,
          new HttpRefusal(
              413,
              "body",
              "the body is longer than %d bytes".formatted(route.body().get().most()),
              "Send less at once."));
    }
    HttpFields headers = HeaderRules.toUpstream(request.getHeaders());
    return new ReadRequest(
        text,
        facts,
        new ReadOutcome.MayPass(
            new AcceptedRequest(route, target.path(), target.query(), headers, body)));
  }

  private static Optional<HttpRefusal> wrongBody(Request request, HttpRoute route) {
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

  /// One byte more than is allowed tells that there is too much.
  private static Bytes body(Request request, HttpRoute route) throws IOException {
    int most = route.body().map(BodyRule::most).orElse(0);
    try (InputStream body = Request.asInputStream(request)) {
      return Bytes.of(body.readNBytes(most + 1));
    }
  }
}
