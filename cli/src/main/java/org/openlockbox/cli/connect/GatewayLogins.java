package org.openlockbox.cli.connect;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;

/// Obtains a login: a random password that never leaves this machine, its SCRAM verifier in a
/// short-lived statement signed with the engineer's key, and the server's word where to connect. A
/// crash after sending leaves a statement whose password nobody knows.
public final class GatewayLogins {
  /// How far this machine's clock may be ahead of the gateway's.
  private static final Duration SKEW = Duration.ofSeconds(60);

  private final SecureRandom random;
  private final InstantSource clock;

  public GatewayLogins(SecureRandom random, InstantSource clock) {
    this.random = random;
    this.clock = clock;
  }

  /// The login for an approved request, asked for at `path` (the request's own).
  public GatewayLogin obtain(Api api, String path, ApiObject request, PrivateSigner engineer) {
    RequestId id = new RequestId(request.required("id"));
    String password = randomText();
    String user = id.userPrefix() + HexFormat.of().formatHex(randomBytes(4));
    Window window = window(request);
    ConnectStatement statement =
        new ConnectStatement(
            new TenantId(request.required("tenant")),
            id,
            new ResourceId(request.required("resource")),
            new SubjectId(request.object("engineer").required("id")),
            user,
            ScramCredential.of(password, random),
            window,
            Nonce.random(random));
    Json.Object body =
        Json.object().put("envelope", statement.unsigned().signedBy(engineer).toJson()).build();
    ApiObject answer = api.post(path + "/connects", body).object();
    Instant expires = answer.instant("expireTime").orElse(window.notAfter());
    return new GatewayLogin(id.value(), user, password, answer, expires);
  }

  /// From a minute ago, but not before the grant; for 12 hours, but not beyond the grant.
  private Window window(ApiObject request) {
    Instant early = clock.instant().minus(SKEW).truncatedTo(ChronoUnit.SECONDS);
    Instant start =
        request.object("grant").instant("notBefore").filter(early::isBefore).orElse(early);
    Instant late = start.plus(ConnectStatement.LONGEST);
    Instant end = request.instant("expireTime").filter(late::isAfter).orElse(late);
    return new Window(start, end);
  }

  private String randomText() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes(24));
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
