package org.openlockbox.server.request;

import static org.openlockbox.server.request.ColumnValues.at;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Lists of requests for people to read, page by page. A page reads its own rows alone, wherever in
/// the list it begins.
public final class RequestLists {
  private final JdbcClient jdbc;
  private final RequestScope scope;
  private final Instant now;

  /// @param scope what the reader may see
  public RequestLists(JdbcClient jdbc, RequestScope scope, Instant now) {
    this.jdbc = jdbc;
    this.scope = scope;
    this.now = now;
  }

  /// The requests of one tenant, those of an engineer and their agents, those at one resource, and
  /// those of anybody but one person and their agents; what is empty does not narrow it.
  public record RequestScope(
      Optional<TenantId> tenant,
      Optional<SubjectId> engineer,
      Optional<ResourceId> resource,
      Optional<SubjectId> others) {
    public static final RequestScope ALL = of(Optional.empty(), Optional.empty());

    public static RequestScope of(Optional<TenantId> tenant, Optional<SubjectId> engineer) {
      return new RequestScope(tenant, engineer, Optional.empty(), Optional.empty());
    }

    public RequestScope at(Optional<ResourceId> one) {
      return new RequestScope(tenant, engineer, one, others);
    }

    /// Without those for which this person stands.
    public RequestScope notOf(SubjectId person) {
      return new RequestScope(tenant, engineer, resource, Optional.of(person));
    }
  }

  /// Some requests of a list, and where it goes on, if it does.
  public record ListedPage(List<StoredRequest> shown, Optional<PageMark> next) {
    public ListedPage {
      shown = List.copyOf(shown);
    }
  }

  /// So many requests of the list after this mark.
  public ListedPage page(ListKind kind, Optional<PageMark> after, int size) {
    var found = RequestRows.all(jdbc, sql(kind, after), parameters(after.orElse(null), size + 1));
    var shown = found.subList(0, Math.min(size, found.size()));
    return new ListedPage(
        shown, found.size() > size ? Optional.of(mark(kind, shown.getLast())) : Optional.empty());
  }

  /// Where a page ends whose last request is this one.
  public static PageMark mark(ListKind kind, StoredRequest last) {
    return new PageMark(kind.at(last), last.id());
  }

  /// How many requests the whole list has.
  public long count(ListKind kind) {
    return jdbc.sql("select count(*) from access_request where " + condition(kind))
        .params(parameters(null, 0))
        .query(Long.class)
        .single();
  }

  /// How many requests the list has at each resource.
  public Map<ResourceId, Long> byResource(ListKind kind) {
    var counts = new HashMap<ResourceId, Long>();
    jdbc.sql(
            "select resource, count(*) as n from access_request where %s group by resource"
                .formatted(condition(kind)))
        .params(parameters(null, 0))
        .query(
            row -> {
              counts.put(new ResourceId(row.getString("resource")), row.getLong("n"));
            });
    return counts;
  }

  /// That a request is on the list, and the reader may see it.
  private String condition(ListKind kind) {
    var whose = whose().stream().map(own -> "(" + own + ")").collect(Collectors.joining(" or "));
    return "(%s) and %s%s".formatted(whose, kind.condition(), narrowed());
  }

  /// An engineer's own and those of their agents, each by an index of its own.
  private List<String> whose() {
    return scope.engineer().isEmpty()
        ? List.of("true")
        : List.of(
            "engineer_id = :engineer",
            "engineer_responsible = :engineer and engineer_id <> :engineer");
  }

  private String narrowed() {
    return (scope.tenant().isPresent() ? " and tenant_id = :tenant" : "")
        + (scope.resource().isPresent() ? " and resource = :resource" : "")
        + (scope.others().isPresent()
            ? " and engineer_id <> :others and engineer_responsible is distinct from :others"
            : "");
  }

  private String sql(ListKind kind, Optional<PageMark> after) {
    var also =
        "and %s%s%s"
            .formatted(
                kind.condition(),
                narrowed(),
                after.isEmpty()
                    ? ""
                    : " and (%s, id) %s (:afterTime, :afterId)"
                        .formatted(kind.column(), kind.later()));
    var order =
        "order by %s %s, id %s limit :limit"
            .formatted(kind.column(), kind.direction(), kind.direction());
    return whose().stream()
        .map(own -> "(select * from access_request where %s %s %s)".formatted(own, also, order))
        .collect(Collectors.joining(" union all ", "select * from (", ") r " + order));
  }

  private Map<String, @Nullable Object> parameters(@Nullable PageMark after, int limit) {
    var parameters = new HashMap<String, @Nullable Object>();
    parameters.put("tenant", scope.tenant().map(TenantId::value).orElse(null));
    parameters.put("engineer", scope.engineer().map(SubjectId::value).orElse(null));
    parameters.put("resource", scope.resource().map(ResourceId::value).orElse(null));
    parameters.put("others", scope.others().map(SubjectId::value).orElse(null));
    parameters.put("now", at(now));
    parameters.put("afterTime", after == null ? null : at(after.at()));
    parameters.put("afterId", after == null ? null : after.id().value());
    parameters.put("limit", limit);
    return parameters;
  }
}
