package org.openlockbox.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.openlockbox.client.session.AccessRefusal;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.TextRules;

/// A refusal as RFC 9457 writes it.
record RefusalAnswer(AccessRefusal why) {
  private int status() {
    return switch (why.kind()) {
      case NOT_SIGNED_IN -> HttpServletResponse.SC_UNAUTHORIZED;
      case FORBIDDEN -> HttpServletResponse.SC_FORBIDDEN;
      case SPENT -> 429;
      case UNAVAILABLE -> HttpServletResponse.SC_SERVICE_UNAVAILABLE;
    };
  }

  void writeTo(HttpServletResponse response) throws IOException {
    byte[] text =
        CanonicalJson.text(
                Json.object()
                    .put("code", why.code())
                    .put("detail", TextRules.shown(why.message()))
                    .put("hint", TextRules.shown(why.hint()))
                    .put("status", status())
                    .put("title", "Access denied")
                    .build())
            .getBytes(UTF_8);
    response.setStatus(status());
    if (status() == HttpServletResponse.SC_UNAUTHORIZED) {
      response.setHeader("WWW-Authenticate", "Bearer");
    }
    response.setHeader("Cache-Control", "no-store");
    response.setContentType("application/problem+json");
    response.setContentLength(text.length);
    response.getOutputStream().write(text);
    response.flushBuffer();
  }
}
