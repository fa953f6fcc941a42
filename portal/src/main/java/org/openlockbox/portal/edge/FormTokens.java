package org.openlockbox.portal.edge;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.openlockbox.server.identity.Secret;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.DefaultCsrfToken;

/// The token that every form of the portal carries, so that no other site can send one. It follows
/// from the browser's secret, which no other site knows; nothing is stored for it.
public final class FormTokens implements CsrfTokenRepository {
  public static final String FIELD = "token";

  private final Browser browser;
  private final RandomGenerator random;

  FormTokens(Browser browser, RandomGenerator random) {
    this.browser = browser;
    this.random = random;
  }

  @Override
  public CsrfToken generateToken(HttpServletRequest request) {
    var fresh = Secret.random(random);
    Browser.promise(request, fresh);
    return token(fresh);
  }

  @Override
  public void saveToken(
      @Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
    if (token != null) {
      browser.secret(request).ifPresent(secret -> browser.give(response, secret));
    }
  }

  @Override
  public @Nullable CsrfToken loadToken(HttpServletRequest request) {
    return browser.secret(request).map(FormTokens::token).orElse(null);
  }

  private static CsrfToken token(Secret secret) {
    return new DefaultCsrfToken("X-Lockbox-Token", FIELD, secret.derived("form").base64Url());
  }
}
