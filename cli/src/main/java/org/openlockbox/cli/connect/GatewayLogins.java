package org.openlockbox.cli.connect;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;

/// Obtains a login: a random secret that never leaves this machine, what a gateway knows it by in a
/// short-lived statement signed with the engineer's key, and the server's word where to connect. A
/// crash after sending leaves a statement whose secret nobody knows.
public final class GatewayLogins {
  /// How far this machine's clock may be ahead of the gateway's.
  private static final Duration SKEW = Duration.ofSeconds(60);

  private static final int PASSWORD = 24;
  private static final int TOKEN = 32;
  private static final int USER = 4;

  private final SecureRandom random;
  private final InstantSource clock;

  public GatewayLogins(SecureRandom random, InstantSource clock) {
    this.random = random;
    this.clock = clock;
  }

  /// The login to a database for an approved request.
  public GatewayLogin obtain(ConnectCall call) {
    String password = Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes(PASSWORD));
    TakenStatement taken = send(call, ScramCredential.of(password, random));
    return new GatewayLogin(
        call.request().required("id"), taken.user(), password, taken.answer(), taken.expires());
  }

  /// The same for a service that speaks HTTP: its secret is a token's.
  public ServiceLogin obtainToken(ConnectCall call) {
    byte[] secret = randomBytes(TOKEN);
    TakenStatement taken = send(call, new Credential.Token(Bytes.of(secret).sha256()));
    return new ServiceLogin(
        taken.user(),
        taken.user() + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(secret),
        taken.answer(),
        taken.expires());
  }

  /// What the server took, and what it said.
  private record TakenStatement(String user, ApiObject answer, Instant expires) {}

  private TakenStatement send(ConnectCall call, Credential credential) {
    ApiObject request = call.request();
    RequestId id = new RequestId(request.required("id"));
    String user = id.userPrefix() + HexFormat.of().formatHex(randomBytes(USER));
    Window window = window(request);
    ConnectStatement statement =
        new ConnectStatement(
            new TenantId(request.required("tenant")),
            id,
            new ResourceId(request.required("resource")),
            new SubjectId(request.object("engineer").required("id")),
            user,
            credential,
            window,
            Nonce.random(random));
    var body =
        Json.object().put("envelope", statement.unsigned().signedBy(call.engineer()).toJson());
    call.region().ifPresent(region -> body.put("region", region.value()));
    ApiObject answer = call.api().post(call.path() + "/connects", body.build()).object();
    return new TakenStatement(user, answer, answer.instant("expireTime").orElse(window.notAfter()));
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

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
