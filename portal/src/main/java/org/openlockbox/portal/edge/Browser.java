package org.openlockbox.portal.edge;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openlockbox.server.identity.Secret;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/// The portal's cookies. One is a secret that names a browser, before and after sign-in. It is
/// `__Host-` bound and `Secure` wherever the portal has TLS, `HttpOnly`, and sent along from other
/// sites only when somebody follows a link. The others hold [Preferences] and the word of a
/// confirmation, and are worth nothing.
public final class Browser {
  private static final String FRESH = Browser.class.getName() + ".fresh";

  private static final String CONFIRMATION = "lockbox-done";
  private static final Pattern CONFIRMED = Pattern.compile("[a-z]+(?:\\.[a-z]+){0,3}");

  private final boolean secure;

  Browser(boolean secure) {
    this.secure = secure;
  }

  private String name() {
    return secure ? "__Host-lockbox" : "lockbox";
  }

  /// The secret that this browser sent, or the one it is being given.
  Optional<Secret> secret(HttpServletRequest request) {
    if (request.getAttribute(FRESH) instanceof Secret fresh) {
      return Optional.of(fresh);
    }
    return values(request, name()).map(Secret::parse).flatMap(Optional::stream).findFirst();
  }

  private static Stream<String> values(HttpServletRequest request, String name) {
    var cookies = Objects.requireNonNullElse(request.getCookies(), new Cookie[0]);
    return Arrays.stream(cookies)
        .filter(cookie -> cookie.getName().equals(name))
        .map(Cookie::getValue);
  }

  static Preferences preferences(HttpServletRequest request) {
    return values(request, Preferences.COOKIE)
        .map(Preferences::parse)
        .findFirst()
        .orElse(Preferences.NONE);
  }

  /// Keeps the preferences for a year.
  public void keep(HttpServletResponse response, Preferences preferences) {
    var cookie = cookie(Preferences.COOKIE, preferences.cookie(), Duration.ofDays(365).toSeconds());
    response.addHeader(HttpHeaders.SET_COOKIE, cookie);
  }

  /// What was done just now, as the page that shows the result confirms it: a word of ours. No
  /// other site can make a browser send it.
  static Optional<String> confirmation(HttpServletRequest request) {
    return values(request, CONFIRMATION)
        .filter(word -> CONFIRMED.matcher(word).matches())
        .findFirst();
  }

  /// The page that shows the result confirms this, once.
  String confirm(String word) {
    return confirmation(word, Duration.ofMinutes(1));
  }

  /// What was confirmed is confirmed once.
  void confirmed(HttpServletResponse response) {
    response.addHeader(HttpHeaders.SET_COOKIE, confirmation("", Duration.ZERO));
  }

  private String confirmation(String word, Duration kept) {
    return ResponseCookie.from(CONFIRMATION, word)
        .httpOnly(true)
        .secure(secure)
        .sameSite("Strict")
        .path("/")
        .maxAge(kept)
        .build()
        .toString();
  }

  /// Remembers the secret that a browser without one will be given, within this call.
  static void promise(HttpServletRequest request, Secret secret) {
    request.setAttribute(FRESH, secret);
  }

  public void give(HttpServletResponse response, Secret secret) {
    response.addHeader(HttpHeaders.SET_COOKIE, cookie(name(), secret.forTheBrowser(), -1));
  }

  public void forget(HttpServletResponse response) {
    response.addHeader(HttpHeaders.SET_COOKIE, cookie(name(), "", 0));
  }

  private String cookie(String name, String value, long seconds) {
    return ResponseCookie.from(name, value)
        .httpOnly(true)
        .secure(secure)
        .sameSite("Lax")
        .path("/")
        .maxAge(seconds)
        .build()
        .toString();
  }
}
