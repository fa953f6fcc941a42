package org.openlockbox.http.catalogue;

import java.util.Optional;
import org.openlockbox.core.access.Level;

/// One thing that engineers may do at a resource.
///
/// @param level from which level on
/// @param request what of the request passes
/// @param body empty where it takes none
/// @param answer what of its answer passes
public record HttpRoute(
    RouteName name,
    Method method,
    PathTemplate path,
    Level level,
    RequestRule request,
    Optional<BodyRule> body,
    AnswerRule answer) {
  public HttpRoute {
    if (body.isPresent() && method.isSafe()) {
      throw new IllegalArgumentException(name + ": " + method + " takes no body");
    }
    if (path.toString().startsWith("/_lockbox")) {
      throw new IllegalArgumentException(name + ": paths below /_lockbox are the gateway's own");
    }
    if (body.filter(BodyRule::takesForms).isPresent() && !request.forced().isEmpty()) {
      throw new IllegalArgumentException(
          name + ": fields of a form could stand for a parameter that the gateway sets");
    }
    boolean webSocket = answer.form() == AnswerForm.WEBSOCKET;
    requireEffect(name, method, level, request.reads(), webSocket);
    if (webSocket && method != Method.GET) {
      throw new IllegalArgumentException(name + ": a WebSocket begins with GET");
    }
    if (!webSocket && !request.subprotocols().isEmpty()) {
      throw new IllegalArgumentException(name + ": 'subprotocols' are for a WebSocket");
    }
    boolean masked = answer.isMaskedAt(level);
    if (masked && request.isConditional()) {
      throw new IllegalArgumentException(
          "%s: the headers 'if-…' tell what is masked; they are for read and write"
              .formatted(name));
    }
    requireForm(name, method, level, answer);
  }

  /// A method that could change something is of the level write, unless the catalogue says that
  /// this one does not.
  private static void requireEffect(
      RouteName name, Method method, Level level, boolean reads, boolean webSocket) {
    if (reads && method != Method.POST && !webSocket) {
      throw new IllegalArgumentException(name + ": 'reads' is for POST and for a WebSocket");
    }
    if (!method.isSafe() && level != Level.WRITE && !reads) {
      throw new IllegalArgumentException(
          "%s: %s is of the level write; a POST that changes nothing says so with 'reads: true'"
              .formatted(name, method));
    }
  }

  private static void requireForm(RouteName name, Method method, Level level, AnswerRule answer) {
    boolean masked = answer.isMaskedAt(level);
    if (masked && !answer.form().canBeMasked()) {
      throw new IllegalArgumentException(
          "%s: an answer of the form %s is shown whole, so its level is read or write"
              .formatted(name, answer.form().word()));
    }
    if (masked && answer.fields().isEmpty() && method != Method.HEAD) {
      throw new IllegalArgumentException(
          "%s: at the level %s nothing is shown that is not listed; 'show' or 'mask' is needed"
              .formatted(name, level.word()));
    }
    if (!masked && (!answer.fields().isEmpty() || answer.form() == AnswerForm.LINES)) {
      throw new IllegalArgumentException(
          "%s: at the level %s all of an answer is shown; 'show', 'mask' and 'lines' are for metadata and masked"
              .formatted(name, level.word()));
    }
  }

  /// Whether the engineer may send messages in its WebSocket: what they change, nobody can tell.
  public boolean takesMessages() {
    return answer.form() == AnswerForm.WEBSOCKET && (level == Level.WRITE || request.reads());
  }

  /// Whether a request tells the service whose data is meant.
  boolean namesTenant() {
    return path.namesTenant() || request.namesTenant();
  }

  /// Whether one request could be both.
  boolean overlaps(HttpRoute other) {
    return method == other.method && path.overlaps(other.path);
  }
}
