package org.openlockbox.http.assertion;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.http.assertion.AssertionClaims.AssertedCall;
import org.openlockbox.http.assertion.AssertionClaims.AssertedCaller;

/// Makes an assertion for each request of a session that was let in. None is good for longer than a
/// minute, and none beyond the end of the access.
public final class Assertions {
  /// How long an assertion is good.
  public static final Duration GOOD_FOR = Duration.ofSeconds(60);

  /// The header that carries it.
  public static final String HEADER = "X-Lockbox-Assertion";

  private final GatewayId issuer;
  private final Supplier<AssertionKeys> keys;
  private final InstantSource clock;

  public Assertions(GatewayId issuer, Supplier<AssertionKeys> keys, InstantSource clock) {
    this.issuer = issuer;
    this.keys = keys;
    this.clock = clock;
  }

  /// The headers that carry the assertion of this call.
  public HttpFields headers(Permit permit, AssertionRule rule, AssertedCall call) {
    Engineer engineer = permit.grant().engineer();
    var caller =
        new AssertedCaller(
            engineer.id(),
            engineer.responsible(),
            permit.tenant(),
            permit.level(),
            permit.request(),
            permit.session());
    Instant now = clock.instant();
    Instant end = permit.end().at();
    Instant until = now.plus(GOOD_FOR);
    var claims =
        new AssertionClaims(
            issuer, rule.audience(), caller, call, now, until.isAfter(end) ? end : until);
    String assertion = claims.signedBy(keys.get());
    HttpFields.Mutable headers = HttpFields.build().put(HEADER, assertion);
    return rule.bearer() ? headers.put("Authorization", "Bearer " + assertion) : headers;
  }

  /// The public keys, for whoever asks.
  public String jwks() {
    return keys.get().jwks();
  }
}
