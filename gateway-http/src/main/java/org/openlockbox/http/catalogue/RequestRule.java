package org.openlockbox.http.catalogue;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What of a request reaches the service beside its method, path and body.
///
/// @param query the parameters that an engineer may send
/// @param forced those that the gateway sets itself, with their values; [#TENANT] stands for the
///   tenant's value in paths
/// @param headers those that pass beside the usual ones, in lower case
/// @param reads whether the request changes nothing, although its method could, or the messages of
///   its WebSocket
/// @param subprotocols those of a WebSocket that pass, as they are
public record RequestRule(
    Set<String> query,
    Map<String, String> forced,
    Set<String> headers,
    boolean reads,
    Set<String> subprotocols) {
  /// Stands for the tenant in the value of a forced parameter.
  public static final String TENANT = "{tenant}";

  private static final Pattern HEADER = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  private static final Pattern SUBPROTOCOL = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /// They say who asks, where from or for whom, or decide how a message is read.
  private static final Set<String> NEVER =
      Set.of(
          "accept-encoding",
          "authorization",
          "connection",
          "content-encoding",
          "content-length",
          "cookie",
          "expect",
          "forwarded",
          "host",
          "http2-settings",
          "keep-alive",
          "origin",
          "range",
          "referer",
          "remote-user",
          "te",
          "trailer",
          "transfer-encoding",
          "true-client-ip",
          "upgrade",
          "via",
          "x-host",
          "x-remote-user",
          "x-user");

  private static final List<String> NEVER_BEGIN =
      List.of(
          "cf-",
          "proxy-",
          "sec-",
          "x-accel-",
          "x-client-",
          "x-forwarded-",
          "x-http-method",
          "x-lockbox",
          "x-method-",
          "x-original-",
          "x-real-",
          "x-rewrite-");

  public RequestRule {
    query = Set.copyOf(query);
    forced = Map.copyOf(forced);
    headers = Set.copyOf(headers);
    subprotocols = Set.copyOf(subprotocols);
    Set<String> sent = query.stream().map(RequestRule::plain).collect(Collectors.toSet());
    for (String each : forced.keySet()) {
      if (sent.contains(plain(each))) {
        throw new IllegalArgumentException(
            "'%s' is either sent by the engineer or set by the gateway".formatted(each));
      }
    }
    headers.forEach(RequestRule::requireHarmless);
    subprotocols.forEach(RequestRule::requireSubprotocol);
  }

  /// What services may take a parameter's name for: without case, and `a[]` for `a`.
  private static String plain(String parameter) {
    String name = parameter.toLowerCase(Locale.ROOT);
    int bracket = name.indexOf('[', 1);
    return bracket < 0 ? name : name.substring(0, bracket);
  }

  private static void requireSubprotocol(String word) {
    if (!SUBPROTOCOL.matcher(word).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no subprotocol: letters, digits, dots, dashes and underscores".formatted(word));
    }
  }

  private static void requireHarmless(String header) {
    if (!HEADER.matcher(header).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no header: lower-case letters, digits and dashes".formatted(header));
    }
    if (NEVER.contains(header) || NEVER_BEGIN.stream().anyMatch(header::startsWith)) {
      throw new IllegalArgumentException(
          "the header '%s' never passes: a service could believe it, or read the message by it"
              .formatted(header));
    }
  }

  /// Parameters alone, which the engineer may send.
  public static RequestRule ofQuery(Set<String> query) {
    return new RequestRule(query, Map.of(), Set.of(), false, Set.of());
  }

  /// The parameters that the gateway sets, for the tenant that has this value, sorted by name.
  public Map<String, String> forcedFor(String tenant) {
    var values = new TreeMap<String, String>();
    forced.forEach((name, value) -> values.put(name, value.equals(TENANT) ? tenant : value));
    return values;
  }

  /// Whether a parameter tells the service whose data is meant.
  public boolean namesTenant() {
    return forced.containsValue(TENANT);
  }

  /// Whether a request may ask for an answer only if it has changed, or change something only if it
  /// has not (RFC 9110, section 13).
  public boolean isConditional() {
    return headers.stream().anyMatch(each -> each.startsWith("if-"));
  }
}
