package org.openlockbox.http.openapi;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.openlockbox.core.access.Level;
import org.openlockbox.http.catalogue.Method;
import org.openlockbox.http.catalogue.PathTemplate;
import org.openlockbox.policy.yaml.MalformedYaml;
import org.openlockbox.policy.yaml.YamlReader;
import org.openlockbox.policy.yaml.YamlValue;

/// Drafts the routes of a resource from the OpenAPI document of its service. What asks for no
/// change is of level read, all else of level write, nothing of level masked: what may be shown
/// there no such document says.
public final class OpenApiImport {
  private static final Pattern PLACE = Pattern.compile("\\{([^/{}]+)}");
  private static final Pattern WORD_START = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
  private static final Pattern NO_WORD = Pattern.compile("[^a-z0-9]+");
  private static final int LONGEST_NAME = 64;
  private static final int MOST_WORDS = 8;
  private static final String TENANT = "tenant";
  private static final Set<String> UNLISTED = Set.of("options", "trace");

  private final OpenApiNode document;
  private final Optional<String> tenant;
  private final List<DraftedRoute> routes = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final Map<String, Integer> names = new HashMap<>();

  private OpenApiImport(OpenApiNode document, Optional<String> tenant) {
    this.document = document;
    this.tenant = tenant;
  }

  /// A route as it may stand in the catalogue.
  ///
  /// @param types of its body; none if it takes no body
  public record DraftedRoute(
      String name, Method method, String path, Level level, Set<String> query, Set<String> types) {
    public DraftedRoute {
      query = Collections.unmodifiableSet(new TreeSet<>(query));
      types = Collections.unmodifiableSet(new TreeSet<>(types));
    }
  }

  /// What a document came to.
  ///
  /// @param remarks what a human has to look at
  public record RouteDraft(String title, List<DraftedRoute> routes, List<String> remarks) {
    public RouteDraft {
      routes = List.copyOf(routes);
      remarks = List.copyOf(remarks);
    }
  }

  /// Reads a document in YAML or JSON.
  ///
  /// @param tenant the parameter of paths that names the tenant
  /// @throws MalformedYaml if it is none
  public static RouteDraft read(String text, Optional<String> tenant) {
    YamlValue value =
        YamlReader.read(text)
            .orElseThrow(() -> new IllegalArgumentException("the document is empty"));
    if (!(value instanceof YamlValue.Mapping root) || !root.members().containsKey("paths")) {
      throw new IllegalArgumentException("this is no OpenAPI document: it has no 'paths'");
    }
    return new OpenApiImport(OpenApiNode.of(root), tenant).draft();
  }

  private RouteDraft draft() {
    String prefix = prefix();
    document
        .member("paths")
        .members()
        .forEach(
            (path, item) ->
                item.members()
                    .forEach((word, operation) -> add(prefix + path, item, word, operation)));
    remarkOverlaps();
    String title = document.member("info").member("title").text().orElse("a service");
    if (tenant.isPresent() && routes.stream().noneMatch(each -> each.path().contains("{tenant}"))) {
      remarks.add("no path has the parameter " + tenant.get());
    }
    return new RouteDraft(title, routes, remarks);
  }

  /// The path of the first server, before each path.
  private String prefix() {
    String url =
        document.member("servers").items().stream()
            .findFirst()
            .flatMap(server -> server.member("url").text())
            .orElse("");
    try {
      String path = Optional.ofNullable(URI.create(url).getRawPath()).orElse("");
      return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    } catch (IllegalArgumentException e) {
      remarks.add("the address of the service cannot be read; each path may need a prefix");
      return "";
    }
  }

  private void add(String path, OpenApiNode item, String word, OpenApiNode operation) {
    Optional<Method> method = Method.of(word.toUpperCase(Locale.ROOT));
    if (method.isEmpty()) {
      if (UNLISTED.contains(word)) {
        remarks.add("%s %s is left out: no route has this method".formatted(word, path));
      }
      return;
    }
    String what = word + " " + path;
    String places = places(path);
    if (template(places).isEmpty()) {
      remarks.add(what + " is left out: a segment is neither fixed nor a single place");
      return;
    }
    Set<String> types = types(operation);
    if (method.get().isSafe() && !types.isEmpty()) {
      remarks.add(what + ": a body does not pass");
      types.clear();
    }
    routes.add(
        new DraftedRoute(
            name(operation.member("operationId").text().orElse(word + path)),
            method.get(),
            places,
            method.get().isSafe() ? Level.READ : Level.WRITE,
            query(what, item, operation),
            types));
  }

  private Set<String> query(String what, OpenApiNode item, OpenApiNode operation) {
    List<OpenApiNode> parameters = new ArrayList<>(item.member("parameters").items());
    parameters.addAll(operation.member("parameters").items());
    Set<String> query = new TreeSet<>();
    for (OpenApiNode each : parameters) {
      String name = each.member("name").text().orElse("");
      String in = each.member("in").text().orElse("");
      if (in.equals("query") && !name.isEmpty()) {
        query.add(name);
      } else if (in.equals("header") || in.equals("cookie")) {
        remarks.add("%s: the %s %s does not pass".formatted(what, in, name));
      }
    }
    return query;
  }

  private static Set<String> types(OpenApiNode operation) {
    Set<String> types = new TreeSet<>();
    for (String type : operation.member("requestBody").member("content").members().keySet()) {
      types.add(type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
    }
    return types;
  }

  private static Optional<PathTemplate> template(String path) {
    try {
      return Optional.of(PathTemplate.parse(path));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// A catalogue in which one request could be two routes is refused.
  private void remarkOverlaps() {
    for (int i = 0; i < routes.size(); i++) {
      for (DraftedRoute other : routes.subList(i + 1, routes.size())) {
        DraftedRoute one = routes.get(i);
        boolean overlap =
            one.method() == other.method()
                && PathTemplate.parse(one.path()).overlaps(PathTemplate.parse(other.path()));
        if (overlap) {
          remarks.add(
              "one request could be %s and %s: leave one of them out"
                  .formatted(one.name(), other.name()));
        }
      }
    }
  }

  /// Places of a path are called as in the catalogue: `{ticket_id}` is `{ticketId}`.
  private String places(String path) {
    return PLACE
        .matcher(path)
        .replaceAll(
            place -> {
              String name = place.group(1);
              if (tenant.filter(name::equals).isPresent()) {
                return "{tenant}";
              }
              String own = camelCase(name);
              return "{" + (own.equals(TENANT) ? "tenant1" : own) + "}";
            });
  }

  private static String camelCase(String name) {
    var words = new StringBuilder();
    for (String word : name.split("[^A-Za-z0-9]+", -1)) {
      if (!word.isEmpty()) {
        String first = word.substring(0, 1);
        words
            .append(
                words.isEmpty() ? first.toLowerCase(Locale.ROOT) : first.toUpperCase(Locale.ROOT))
            .append(word.substring(1));
      }
    }
    String text = words.toString();
    return text.isEmpty() || Character.isDigit(text.charAt(0)) ? "p" + text : text;
  }

  /// `listTickets` is `list-tickets`; of the same name there is a second one with a number.
  private String name(String id) {
    String[] parts =
        NO_WORD
            .matcher(WORD_START.matcher(id).replaceAll("-").toLowerCase(Locale.ROOT))
            .replaceAll("-")
            .replaceAll("^[-0-9]+|-+$", "")
            .split("-", -1);
    String joined =
        String.join("-", List.of(parts).subList(0, Math.min(parts.length, MOST_WORDS - 1)));
    String base = joined.substring(0, Math.min(joined.length(), LONGEST_NAME - 4));
    String name = base.isEmpty() ? "route" : base.replaceAll("-+$", "");
    int n = names.getOrDefault(name, 0) + 1;
    names.put(name, n);
    return n == 1 ? name : name + "-" + n;
  }
}
