package org.openlockbox.server.api.tenant;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.identity.oidc.Bearers;
import org.openlockbox.server.identity.oidc.DeviceSignIns;
import org.openlockbox.server.identity.oidc.DeviceSignIns.DeviceHandle;
import org.openlockbox.server.identity.oidc.DeviceSignIns.DeviceOutcome;
import org.openlockbox.server.identity.oidc.DeviceSignIns.DeviceStart;
import org.openlockbox.server.problem.Problem;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// Sign-in and sign-out of command lines. The first two calls need no bearer secret: they are how
/// one is had.
@RestController
public final class SignInApi {
  private static final int MOST = 16 * 1024;
  private static final String BEARER = "Bearer ";

  private final DeviceSignIns signIns;
  private final Bearers bearers;

  public SignInApi(DeviceSignIns signIns, Bearers bearers) {
    this.signIns = signIns;
    this.bearers = bearers;
  }

  @PostMapping("/v1/sign-in/device")
  ResponseEntity<byte[]> start(HttpServletRequest request) throws IOException {
    var body = fields(request, "sign-in");
    var side = body.optionalValue("tenant", TenantId::new);
    body.done();
    return switch (signIns.start(side)) {
      case DeviceStart.Begun begun -> ApiReply.ok(json(begun)).send();
      case DeviceStart.NoIssuer() ->
          throw Problem.conflict("no_issuer", "no issuer lets a command line sign in here")
              .withHint("ask an operator for a token");
      case DeviceStart.NotNow() ->
          throw Problem.conflict("issuer_silent", "the issuer does not answer; try again");
    };
  }

  private static Json.Object json(DeviceStart.Begun begun) {
    var json =
        Json.object()
            .put("issuer", begun.handle().issuer())
            .put("wrappedBy", begun.handle().wrappedBy())
            .put("device", begun.handle().wrapped().base64Url())
            .put("userCode", begun.userCode())
            .put("page", begun.page().toString())
            .put("every", begun.every().toSeconds());
    return json.putIfPresent("pageWithCode", begun.complete().map(Object::toString)).build();
  }

  @PostMapping("/v1/sign-in/device/look")
  ResponseEntity<byte[]> look(HttpServletRequest request) throws IOException {
    var body = fields(request, "sign-in");
    var handle =
        new DeviceHandle(
            body.text("issuer"), body.text("wrappedBy"), body.value("device", Bytes::ofBase64Url));
    body.done();
    return switch (signIns.look(handle)) {
      case DeviceOutcome.SignedIn(String bearer, var person) ->
          ApiReply.ok(
                  Json.object()
                      .put("state", "signed-in")
                      .put("token", bearer)
                      .put("subject", person.subject().value())
                      .put("name", person.name())
                      .build())
              .send();
      case DeviceOutcome.Waiting(boolean slower) ->
          ApiReply.ok(Json.object().put("state", "waiting").put("slower", slower).build()).send();
      case DeviceOutcome.NotSignedIn(var why) ->
          throw Problem.refused("sign_in_" + why.word(), "the issuer vouches for nobody here");
    };
  }

  @PostMapping("/v1/sign-out")
  ResponseEntity<byte[]> out(ApiCall call, @RequestHeader("Authorization") String authorization) {
    call.nothingSent("sign-out");
    String bearer = authorization.substring(Math.min(BEARER.length(), authorization.length()));
    if (!bearers.end(bearer)) {
      throw Problem.conflict("no_visit", "this token was issued by an operator; it has no sign-out")
          .withHint("an operator ends it: lockbox token revoke");
    }
    return ApiReply.ok(Json.object().put("signedOut", true).build()).send();
  }

  private static Fields fields(HttpServletRequest request, String what) throws IOException {
    var bytes = request.getInputStream().readNBytes(MOST + 1);
    if (bytes.length > MOST) {
      throw Problem.tooLarge("the body is longer than %d bytes".formatted(MOST));
    }
    return Fields.of(bytes.length == 0 ? Json.object().build() : Json.read(bytes), what);
  }
}
