package org.openlockbox.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.Json;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// A call that somebody can make, found in openapi.json or in the code, so that none is forgotten.
public record Endpoint(String method, String path) implements Comparable<Endpoint> {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");

  /// Every call that openapi.json describes.
  public static List<Endpoint> described() {
    try (var file = Objects.requireNonNull(Endpoint.class.getResourceAsStream("/openapi.json"))) {
      var document = (Json.Object) Json.read(file.readAllBytes());
      var found = new ArrayList<Endpoint>();
      ((Json.Object) Objects.requireNonNull(document.members().get("paths")))
          .members()
          .forEach(
              (path, item) ->
                  ((Json.Object) item)
                      .members().keySet().stream()
                          .filter(METHODS::contains)
                          .map(method -> new Endpoint(method.toUpperCase(Locale.ROOT), path))
                          .forEach(found::add));
      return found.stream().sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Every page and form that the code below this package serves.
  public static List<Endpoint> pages(String root) {
    return served(root, Controller.class).stream()
        .filter(page -> !page.path().startsWith("/assets"))
        .toList();
  }

  /// Every call of the API, as its code has them.
  public static List<Endpoint> ofApi() {
    return served("org.openlockbox.server", RestController.class);
  }

  private static List<Endpoint> served(String root, Class<? extends Annotation> kind) {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(kind, false));
    return scanner.findCandidateComponents(root).stream()
        .map(found -> Objects.requireNonNull(found.getBeanClassName()))
        .flatMap(Endpoint::handled)
        .sorted()
        .toList();
  }

  private static Stream<Endpoint> handled(String type) {
    try {
      return Arrays.stream(Class.forName(type).getDeclaredMethods())
          .map(method -> AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class))
          .filter(Objects::nonNull)
          .flatMap(Endpoint::mapped);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<Endpoint> mapped(RequestMapping mapping) {
    return Arrays.stream(mapping.path())
        .flatMap(
            path -> Arrays.stream(mapping.method()).map(verb -> new Endpoint(verb.name(), path)));
  }

  public boolean writes() {
    return !method.equals("GET");
  }

  public boolean names(String parameter) {
    return path.contains("{" + parameter + "}");
  }

  @Override
  public int compareTo(Endpoint other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
