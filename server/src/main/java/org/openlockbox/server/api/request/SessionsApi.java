package org.openlockbox.server.api.request;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.api.Paths;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.gateway.SessionRows;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Sessions through gateways, and ending one.
@RestController
public final class SessionsApi {
  private static final int MOST = 500;

  private final Visibility visibility;
  private final SessionRows sessions;

  public SessionsApi(Visibility visibility, SessionRows sessions) {
    this.visibility = visibility;
    this.sessions = sessions;
  }

  @GetMapping("/v1/tenants/{t}/sessions")
  ResponseEntity<byte[]> ofTenant(ApiCall call, @PathVariable String t) {
    var caller = call.caller();
    var tenant = visibility.tenant(caller, t).id();
    boolean all = caller.belongsTo(tenant) || Visibility.seesAll(caller);
    return send(
        sessions.ofTenant(tenant, MOST).stream()
            .filter(session -> all || session.engineer().equals(caller.subject()))
            .toList());
  }

  @GetMapping("/v1/sessions")
  ResponseEntity<byte[]> all(ApiCall call) {
    var caller = call.caller();
    if (caller.tenant().isPresent()) {
      return send(sessions.ofTenant(caller.tenant().get(), MOST));
    }
    if (!Visibility.seesTenants(caller)) {
      throw Problem.roleCannot("a gateway has no sessions of its own to list");
    }
    var engineer =
        Visibility.seesAll(caller) ? Optional.<SubjectId>empty() : Optional.of(caller.subject());
    return send(sessions.ofProvider(engineer, MOST));
  }

  @PostMapping("/v1/tenants/{t}/sessions/{s}:terminate")
  ResponseEntity<byte[]> terminate(ApiCall call, @PathVariable String t, @PathVariable String s) {
    var caller = call.caller();
    if (!caller.is(Role.APPROVER) && !caller.is(Role.ENGINEER)) {
      throw Problem.roleCannot("only an approver, or the engineer of a session, can end it");
    }
    call.nothingSent("termination");
    var tenant = visibility.tenant(caller, t).id();
    var session =
        sessions
            .find(tenant, Paths.session(s))
            .filter(found -> caller.belongsTo(tenant) || found.engineer().equals(caller.subject()))
            .orElseThrow(Problem::notFound);
    if (!sessions.stop(tenant, session.id(), caller.subject())) {
      throw Problem.conflict("session_over", "the session has ended already");
    }
    return ApiReply.ok(shown(session)).send();
  }

  private static ResponseEntity<byte[]> send(List<SessionRows.SessionRow> found) {
    return ApiReply.ok(
            Json.object().put("sessions", found.stream().map(SessionsApi::shown).toList()).build())
        .send();
  }

  private static Json.Object shown(SessionRows.SessionRow session) {
    var json =
        Json.object()
            .put("id", session.id().value())
            .put("tenant", session.tenant().value())
            .put("request", session.request().value())
            .put("engineer", session.engineer().value())
            .put("resource", session.target().resource())
            .put("level", session.target().level())
            .put("gateway", session.origin().gateway())
            .put(
                "client",
                Json.object()
                    .put("address", session.origin().address())
                    .put("application", session.origin().application())
                    .build())
            .put("state", session.course().state())
            .put("openTime", session.course().opened())
            .put("expireTime", session.course().expires());
    session
        .course()
        .ended()
        .ifPresent(
            at ->
                json.put("endTime", at)
                    .put("reason", session.course().reason())
                    .put("statements", session.work().statements())
                    .put("rows", session.work().rows()));
    return json.build();
  }
}
