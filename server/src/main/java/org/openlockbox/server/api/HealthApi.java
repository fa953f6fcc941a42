package org.openlockbox.server.api;

import org.openlockbox.core.canonical.Json;
import org.openlockbox.server.health.Health;
import org.openlockbox.server.health.ServerCondition;
import org.openlockbox.server.identity.Role;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Whether the server can do its work, and who the caller is to it.
@RestController
public final class HealthApi {
  private final Health health;

  public HealthApi(Health health) {
    this.health = health;
  }

  @GetMapping("/healthz")
  ResponseEntity<byte[]> health() {
    return reply(health.condition()).send();
  }

  /// 200, or 503 with the part that is down.
  private static ApiReply reply(ServerCondition condition) {
    var json =
        Json.object()
            .put("status", word(condition.isReady()))
            .put("database", word(condition.databaseAnswers()))
            .put("signing", word(condition.refusesToSign().isEmpty()))
            .build();
    return condition.isReady() ? ApiReply.ok(json) : ApiReply.of(503, json);
  }

  private static String word(boolean up) {
    return up ? "up" : "down";
  }

  @GetMapping("/v1/whoami")
  ResponseEntity<byte[]> whoami(ApiCall call) {
    var caller = call.caller();
    return ApiReply.ok(
            Json.object()
                .put("subject", caller.subject().value())
                .put("name", caller.name())
                .putTexts("roles", caller.roles().stream().map(Role::word).sorted().toList())
                .putIfPresent("tenant", caller.tenant().map(Object::toString))
                .build())
        .send();
  }
}
