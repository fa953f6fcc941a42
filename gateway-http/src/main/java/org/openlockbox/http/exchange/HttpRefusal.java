package org.openlockbox.http.exchange;

import java.util.Optional;
import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.http.socket.PlainFraming;

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

  static HttpRefusal forced(String detail) {
    return new HttpRefusal(400, "parameter", detail, "Leave them out of the request.");
  }

  static HttpRefusal tooLong(long most) {
    return new HttpRefusal(
        413, "body", "the body is longer than %d bytes".formatted(most), "Send less at once.");
  }

  static HttpRefusal version() {
    return new HttpRefusal(
        505, "version", "this gateway speaks HTTP/1.1", "Use a client of HTTP/1.1.");
  }

  static HttpRefusal coding() {
    return new HttpRefusal(
        501,
        "transfer_coding",
        PlainFraming.REFUSAL,
        "Send it without a Transfer-Encoding of its own.");
  }

  /// A client asks again on a new connection then (RFC 9110, 15.5.20).
  static HttpRefusal otherSession() {
    return new HttpRefusal(
        421,
        "connection",
        "a connection carries the requests of one session",
        "Use a connection for each token.");
  }

  static HttpRefusal noToken() {
    return new HttpRefusal(
        401,
        "token",
        "this needs the token of an approved access",
        "Run `lockbox connect R-… curl`, which prints a whole command.");
  }

  /// No cookie, or one that is good no longer.
  static HttpRefusal noCookie() {
    return new HttpRefusal(
        401,
        "token",
        "this browser has no open session here",
        "Run `lockbox open R-…` for a fresh link.");
  }

  static HttpRefusal unknownLink() {
    return new HttpRefusal(
        401,
        "token",
        "nobody has this link, or its time is over",
        "Run `lockbox open R-…` for a fresh link.");
  }

  static HttpRefusal usedLink() {
    return new HttpRefusal(
        401,
        "token",
        "this link or token has been used, and is good once and in one way",
        "Run `lockbox open R-…` for a fresh link.");
  }

  /// A page of another site, or of another session, began it.
  static HttpRefusal foreign() {
    return new HttpRefusal(
        403,
        "origin",
        "this request does not come from a page of this session",
        "Open the link of `lockbox open R-…`, or type the address yourself.");
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

  /// The service itself says no. What it says may hold what this access does not show.
  static HttpRefusal ofService(int status) {
    return new HttpRefusal(
        status,
        "service",
        "the resource answers %d; its words do not pass at this level".formatted(status),
        "A new request at the level read shows what it says.");
  }

  static HttpRefusal noWebSocket(String detail) {
    return new HttpRefusal(
        400, "upgrade", detail, "Use a client of WebSocket, as RFC 6455 describes it.");
  }

  /// The service does not want one.
  static HttpRefusal ofWebSocket(int status) {
    return status >= 400 && status < 600
        ? ofService(status)
        : upstream("the resource does not begin a WebSocket");
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
