package org.openlockbox.node.resource;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openlockbox.core.access.Level;
import org.openlockbox.http.catalogue.AnswerRule;
import org.openlockbox.http.catalogue.BodyRule;
import org.openlockbox.http.catalogue.HttpRoute;
import org.openlockbox.http.json.FieldMask;

/// What `lockbox resource plan` says of one route: what may be sent, what the gateway adds, and
/// what of the answer is shown and counted.
final class RoutePlan {
  private final HttpRoute route;

  RoutePlan(HttpRoute route) {
    this.route = route;
  }

  /// @param level what the route opens there
  void print(Level level, PrintStream out) {
    out.printf("  %-6s %s   (%s)%n", route.method(), route.path(), route.name());
    lines(level).forEach(line -> out.printf("           %s%n", line));
  }

  private List<String> lines(Level level) {
    List<String> lines = new ArrayList<>(request());
    route.body().map(RoutePlan::body).ifPresent(lines::add);
    lines.addAll(answer(level));
    return lines;
  }

  private List<String> request() {
    List<String> lines = new ArrayList<>();
    if (!route.request().query().isEmpty()) {
      lines.add("takes the parameters " + joined(route.request().query()));
    }
    new TreeMap<>(route.request().forced())
        .forEach((name, value) -> lines.add("the gateway sets %s=%s".formatted(name, value)));
    if (!route.request().headers().isEmpty()) {
      lines.add("passes the headers " + joined(route.request().headers()));
    }
    if (!route.request().subprotocols().isEmpty()) {
      lines.add("passes the subprotocols " + joined(route.request().subprotocols()));
    }
    if (route.request().reads()) {
      lines.add("changes nothing, as the catalogue says");
    }
    return lines;
  }

  private static String joined(Iterable<String> names) {
    var sorted = new TreeSet<String>();
    names.forEach(sorted::add);
    return String.join(", ", sorted);
  }

  private static String body(BodyRule rule) {
    return "takes a body of up to %d bytes (%s)%s"
        .formatted(
            rule.most(),
            joined(rule.types()),
            rule.most() > BodyRule.MOST_KEPT ? "; of one above 64 KiB the digest is kept" : "");
  }

  private List<String> answer(Level level) {
    AnswerRule answer = route.answer();
    List<String> lines = new ArrayList<>();
    if (!level.isWiderThan(Level.MASKED)) {
      answer
          .fields()
          .byPath()
          .forEach(
              (path, mask) -> lines.add(path + (mask == FieldMask.SHOW ? "" : ": " + mask.word())));
    }
    answer.rows().ifPresent(rows -> lines.add("each of " + rows + " is a row of the budget"));
    switch (answer.form()) {
      case DOCUMENT, LINES -> {}
      case OPAQUE -> lines.add("files and pages are shown whole, and nobody looks into them");
      case EVENTS -> lines.add("a stream of events, recorded piece by piece");
      case WEBSOCKET -> lines.add("a WebSocket, recorded message by message in both directions");
    }
    return lines;
  }
}
