package org.openlockbox.server.identity.oidc;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.canonical.TextRules;

/// Where somebody completes a sign-in that a program began (RFC 8628, 3.2), and the code that they
/// type there. `device` is for asking what came of it; no text of ours contains it.
record DeviceOffer(
    String device, String userCode, URI page, Optional<URI> complete, Duration every) {
  private static final int LONGEST_CODE = 64;
  private static final int USUAL_SECONDS = 5;
  private static final int MOST_SECONDS = 60;

  static DeviceOffer read(String json) throws IOException {
    try {
      var members = JSONObjectUtils.parse(json);
      var device = JSONObjectUtils.getString(members, "device_code");
      var code = JSONObjectUtils.getString(members, "user_code");
      var page = url(members, "verification_uri");
      if (device == null
          || code == null
          || page.isEmpty()
          || code.length() > LONGEST_CODE
          || !TextRules.allowsLine(code)) {
        throw new IOException("its offer of a device sign-in lacks a code or a page");
      }
      return new DeviceOffer(
          device, code, page.get(), url(members, "verification_uri_complete"), every(members));
    } catch (ParseException e) {
      throw new IOException("its offer of a device sign-in cannot be read", e);
    }
  }

  private static Optional<URI> url(Map<String, Object> members, String name) throws ParseException {
    return Optional.ofNullable(JSONObjectUtils.getURI(members, name)).filter(OidcIssuer::isSafe);
  }

  private static Duration every(Map<String, Object> members) {
    int seconds =
        members.get("interval") instanceof Number given ? given.intValue() : USUAL_SECONDS;
    return Duration.ofSeconds(Math.clamp(seconds, 1, MOST_SECONDS));
  }

  @Override
  public String toString() {
    return "DeviceOffer[" + page + "]";
  }
}
