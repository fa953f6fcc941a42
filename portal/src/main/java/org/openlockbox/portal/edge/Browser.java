package org.openlockbox.portal.edge;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.openlockbox.server.identity.Secret;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/// The portal's one cookie: a secret that names a browser, before and after sign-in. It is
/// `__Host-` bound and `Secure` wherever the portal has TLS, `HttpOnly`, and sent along from other
/// sites only when somebody follows a link.
public final class Browser {
  private static final String FRESH = Browser.class.getName() + ".fresh";

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
    var cookies = Objects.requireNonNullElse(request.getCookies(), new Cookie[0]);
    return Arrays.stream(cookies)
        .filter(cookie -> cookie.getName().equals(name()))
        .map(Cookie::getValue)
        .map(Secret::parse)
        .flatMap(Optional::stream)
        .findFirst();
  }

  /// Remembers the secret that a browser without one will be given, within this call.
  static void promise(HttpServletRequest request, Secret secret) {
    request.setAttribute(FRESH, secret);
  }

  public void give(HttpServletResponse response, Secret secret) {
    response.addHeader(HttpHeaders.SET_COOKIE, cookie(secret.forTheBrowser(), -1));
  }

  public void forget(HttpServletResponse response) {
    response.addHeader(HttpHeaders.SET_COOKIE, cookie("", 0));
  }

  private String cookie(String value, long seconds) {
    return ResponseCookie.from(name(), value)
        .httpOnly(true)
        .secure(secure)
        .sameSite("Lax")
        .path("/")
        .maxAge(seconds)
        .build()
        .toString();
  }
}
