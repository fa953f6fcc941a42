package org.openlockbox.http.assertion;

import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;

/// What an assertion says (docs/assertion.md): who may make this one request, for which customer,
/// and which entry of the customer's log is about it.
///
/// @param issuer the gateway
/// @param audience the service
/// @param caller whom the customer let in
/// @param call the request that it is good for
/// @param issuedAt from when it is good
/// @param expires until when
public record AssertionClaims(
    GatewayId issuer,
    String audience,
    AssertedCaller caller,
    AssertedCall call,
    Instant issuedAt,
    Instant expires) {
  /// Nobody takes it for another kind of token (RFC 8725, section 3.11).
  static final String TYPE = "lockbox+jwt";

  /// Whom the customer let in, and to what.
  ///
  /// @param responsible the human who answers for an AI agent
  public record AssertedCaller(
      SubjectId engineer,
      Optional<SubjectId> responsible,
      TenantId tenant,
      Level level,
      RequestId request,
      SessionId session) {}

  /// One request. Method and path have the names of RFC 9449, so an assertion for one call is of no
  /// use for another.
  ///
  /// @param number that of its operation in the session
  /// @param path as it stands in the request line, without the query
  public record AssertedCall(long number, String method, String path) {}

  Json.Object toJson() {
    return Json.object()
        .put("aud", audience)
        .put("exp", expires.getEpochSecond())
        .put("htm", call.method())
        .put("htu", call.path())
        .put("iat", issuedAt.getEpochSecond())
        .put("iss", issuer.value())
        .put("level", caller.level().word())
        .put("n", call.number())
        .put("nbf", issuedAt.getEpochSecond())
        .put("request", caller.request().value())
        .putIfPresent("responsible", caller.responsible().map(SubjectId::value))
        .put("session", caller.session().value())
        .put("sub", caller.engineer().value())
        .put("tenant", caller.tenant().value())
        .build();
  }

  /// The assertion itself, as it stands in a header.
  public String signedBy(AssertionKeys keys) {
    return keys.sign(TYPE, toJson());
  }
}
