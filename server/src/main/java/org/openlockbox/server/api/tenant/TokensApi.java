package org.openlockbox.server.api.tenant;

import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.Tokens;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Bearer tokens, issued and revoked by operators. A token lets somebody call; it approves nothing.
@RestController
public final class TokensApi {
  private final Store store;
  private final Tokens tokens;

  public TokensApi(Store store, Tokens tokens) {
    this.store = store;
    this.tokens = tokens;
  }

  /// The token is in the answer and nowhere else, so an Idempotency-Key is not taken here: the
  /// answer would have to be stored.
  @PostMapping("/v1/tokens")
  ResponseEntity<byte[]> issue(ApiCall call) {
    call.caller().need(Role.OPERATOR, "issue tokens");
    if (call.idempotencyKey().isPresent()) {
      throw Problem.malformed("tokens are shown once; an Idempotency-Key is not taken here");
    }
    var holder = holder(call.fields("token"));
    holder
        .tenant()
        .ifPresent(
            tenant -> {
              if (store.tenants().find(tenant).isEmpty()) {
                throw Problem.notFound();
              }
            });
    var issued = tokens.issue(holder);
    var answer = Json.object().put("id", issued.id()).put("token", issued.token());
    issued.ends().ifPresent(ends -> answer.put("expireTime", ends));
    return ApiReply.created(answer.build()).send();
  }

  @PostMapping("/v1/tokens/{id}:revoke")
  ResponseEntity<byte[]> revoke(ApiCall call, @PathVariable String id) {
    call.caller().need(Role.OPERATOR, "revoke tokens");
    call.nothingSent("revocation of a token");
    if (!tokens.revoke(id)) {
      throw Problem.notFound();
    }
    return ApiReply.ok(Json.object().put("id", id).put("revoked", true).build()).send();
  }

  private static Tokens.TokenHolder holder(Fields body) {
    try {
      var subject = body.value("subject", SubjectId::new);
      var holder =
          new Tokens.TokenHolder(
              subject,
              body.optionalText("name").orElse(subject.value()),
              body.texts("roles").stream().map(Role::parse).collect(Collectors.toSet()),
              body.optionalValue("tenant", TenantId::new),
              Optional.of("validFor").filter(body::has).map(body::duration));
      body.done();
      return holder;
    } catch (IllegalArgumentException e) {
      throw new MalformedJson("token: " + e.getMessage(), e);
    }
  }
}
