package org.openlockbox.check.forward;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.openlockbox.check.catalogue.CheckSpec;
import org.openlockbox.check.catalogue.CheckedRoute;
import org.openlockbox.check.session.CheckQuestion;
import org.openlockbox.check.session.CheckQuestion.CatalogueRule;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.operation.HttpFacts;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.http.catalogue.Method;
import org.openlockbox.http.catalogue.PathTemplate.TemplateFit;
import org.openlockbox.http.uri.CanonicalPath;
import org.openlockbox.http.uri.CanonicalQuery;

/// A request that a proxy holds until it is allowed. What is not listed is denied, and so is every
/// form of a path that two programs could read differently. A host is the client's word: it is on
/// record only where the catalogue says which it must be.
///
/// @param target path and query, as the client sent them
record ProxiedRequest(String method, String host, String target) {
  /// As a question about this tenant's data.
  CheckQuestion of(CheckSpec spec, TenantId tenant) {
    Optional<Method> known = Method.of(method);
    HttpFacts unknown =
        new HttpFacts(known.map(Enum::name).orElse(HttpFacts.OTHER), Optional.empty());
    String expected = spec.hosts().get(tenant);
    boolean isOwn = expected != null && expected.equals(name());
    String text = "%s %s%s".formatted(method, isOwn ? expected : "", target);
    if (known.isEmpty()) {
      return new CheckQuestion(
          text, Bytes.empty(), unknown, not("method", "no route has this method"));
    }
    if (expected != null && !isOwn) {
      return new CheckQuestion(
          text, Bytes.empty(), unknown, route("this host is another customer's"));
    }
    int mark = target.indexOf('?');
    Optional<CanonicalPath> path =
        CanonicalPath.parse(mark < 0 ? target : target.substring(0, mark));
    if (path.isEmpty() || target.indexOf('#') >= 0) {
      return new CheckQuestion(
          text, Bytes.empty(), unknown, route("this path has another form than the only one"));
    }
    return found(spec, tenant, known.get(), path.get())
        .map(
            route ->
                new CheckQuestion(
                    text,
                    Bytes.empty(),
                    new HttpFacts(route.method().name(), Optional.of(route.name().value())),
                    query(route, mark)))
        .orElseGet(
            () ->
                new CheckQuestion(
                    text, Bytes.empty(), unknown, route("no route has this path and method")));
  }

  private String name() {
    int colon = host.lastIndexOf(':');
    String name = colon > 0 && host.indexOf(']') < colon ? host.substring(0, colon) : host;
    return name.toLowerCase(Locale.ROOT);
  }

  private static Optional<CheckedRoute> found(
      CheckSpec spec, TenantId tenant, Method method, CanonicalPath path) {
    List<String> values = spec.tenants().getOrDefault(tenant, List.of());
    return spec.routes().stream()
        .filter(each -> each.method() == method)
        .filter(
            each ->
                values.stream().anyMatch(value -> each.path().fit(path, value) == TemplateFit.FITS))
        .findFirst();
  }

  private CatalogueRule query(CheckedRoute route, int mark) {
    Optional<CanonicalQuery> query =
        mark < 0
            ? Optional.of(CanonicalQuery.NONE)
            : CanonicalQuery.parse(target.substring(mark + 1));
    return query.filter(it -> route.query().containsAll(it.names())).isPresent()
        ? new CatalogueRule.FromLevel(route.level())
        : not(
            "parameter",
            "%s takes the parameters %s, each once".formatted(route.name(), route.query()));
  }

  private static CatalogueRule route(String detail) {
    return not("route", detail);
  }

  private static CatalogueRule not(String word, String detail) {
    return new CatalogueRule.NotListed(word, detail);
  }
}
