package org.openlockbox.server.identity.oidc;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an issuer says of itself (OpenID Connect Discovery 1.0). `namesItself`: its answers carry
/// `iss` (RFC 9207). `end` is the page on which people sign out there, `device` where a program
/// begins a sign-in that a browser elsewhere completes (RFC 8628).
record IssuerMetadata(
    URI authorization,
    URI token,
    URI keys,
    Optional<URI> end,
    Optional<URI> device,
    boolean namesItself,
    boolean wantsSecretInBody) {

  /// Throws if this is not the metadata of this issuer, to the letter.
  static IssuerMetadata read(OidcIssuer issuer, String json) throws ParseException {
    var members = JSONObjectUtils.parse(json);
    var said = JSONObjectUtils.getString(members, "issuer");
    if (!issuer.url().toString().equals(said)) {
      throw new ParseException("it calls itself " + said, 0);
    }
    return new IssuerMetadata(
        url(members, "authorization_endpoint"),
        url(members, "token_endpoint"),
        url(members, "jwks_uri"),
        Optional.ofNullable(JSONObjectUtils.getURI(members, "end_session_endpoint"))
            .filter(OidcIssuer::isSafe),
        Optional.ofNullable(JSONObjectUtils.getURI(members, "device_authorization_endpoint"))
            .filter(OidcIssuer::isSafe),
        Boolean.TRUE.equals(members.get("authorization_response_iss_parameter_supported")),
        members.get("token_endpoint_auth_methods_supported") instanceof List<?> methods
            && !methods.contains("client_secret_basic"));
  }

  private static URI url(Map<String, Object> members, String name) throws ParseException {
    var url = JSONObjectUtils.getURI(members, name);
    if (url == null || !OidcIssuer.isSafe(url)) {
      throw new ParseException(name + " is no https URL", 0);
    }
    return url;
  }
}
