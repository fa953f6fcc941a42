package org.openlockbox.http.exchange;

import java.util.Optional;
import org.openlockbox.gateway.admission.Deny;

/// Why a request is not forwarded, as an RFC 9457 problem.
///
/// @param status of HTTP
/// @param word the stable word: as `refused` in the operation's entry, and as the problem's code
/// @param next the next step
record HttpRefusal(int status, String word, String detail, String next) {
  /// No route, parameter, header or body of the catalogue's.
  static HttpRefusal of(String word, String detail) {
    return new HttpRefusal(
        statusOf(word),
        word,
        detail,
        "The catalogue of the resource lists what passes; ask your platform team to add a route.");
  }

  private static int statusOf(String word) {
    return switch (word) {
      case "route" -> 404;
      case "method" -> 405;
      case "level" -> 403;
      default -> 400;
    };
  }

  /// The access is at a lower level.
  static HttpRefusal level(String detail) {
    return new HttpRefusal(
        403, "level", detail, "Ask with a new request at the level that you need.");
  }

  static HttpRefusal version() {
    return new HttpRefusal(
        505, "version", "this gateway speaks HTTP/1.1", "Use a client of HTTP/1.1.");
  }

  static HttpRefusal noToken() {
    return new HttpRefusal(
        401,
        "token",
        "this needs the token of an approved access",
        "Run `lockbox connect R-… curl`, which prints a whole command.");
  }

  static HttpRefusal unknownToken() {
    return new HttpRefusal(
        401,
        "token",
        "nobody has this token, or its time is over",
        "Run `lockbox connect` again for a fresh login.");
  }

  static HttpRefusal of(Deny deny) {
    int status =
        switch (deny.reason()) {
          case NOT_APPROVED, LIMIT -> 403;
          case CANNOT_CHECK, NO_ROOM, DRAINING -> 503;
        };
    return new HttpRefusal(status, "access", deny.message(), deny.hint());
  }

  static HttpRefusal over() {
    return new HttpRefusal(
        401,
        "access",
        "the session has just ended",
        "Send the request again; the answer says whether the access is still in force.");
  }

  static HttpRefusal connections(int most) {
    return new HttpRefusal(
        429,
        "connections",
        "this session has %d connections already".formatted(most),
        "Use the connections that are open, or close one.");
  }

  static HttpRefusal spent(String budget) {
    return new HttpRefusal(
        429,
        "budget",
        "the budget of this access is spent: " + budget,
        "Further access needs a new request.");
  }

  static HttpRefusal upstream(String detail) {
    return new HttpRefusal(
        502, "upstream", detail, "Try again; if it stays so, tell your platform team.");
  }

  /// The word of the log, if it is one for a request that was not passed on.
  Optional<String> recorded() {
    return Optional.of(word);
  }
}
