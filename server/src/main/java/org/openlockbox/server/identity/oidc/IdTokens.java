package org.openlockbox.server.identity.oidc;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static com.nimbusds.jose.JWSAlgorithm.ES384;
import static com.nimbusds.jose.JWSAlgorithm.ES512;
import static com.nimbusds.jose.JWSAlgorithm.PS256;
import static com.nimbusds.jose.JWSAlgorithm.PS384;
import static com.nimbusds.jose.JWSAlgorithm.PS512;
import static com.nimbusds.jose.JWSAlgorithm.RS256;
import static com.nimbusds.jose.JWSAlgorithm.RS384;
import static com.nimbusds.jose.JWSAlgorithm.RS512;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashSet;
import java.util.Set;
import org.openlockbox.core.canonical.Bytes;

/// Reads the ID tokens of one issuer as OpenID Connect Core 3.1.3.7 says: signed by one of its
/// published keys in a public-key algorithm, from it, for this client alone, in time.
final class IdTokens {
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512);
  private static final int LONGEST_SUBJECT = 255;

  /// How far the issuer's clock may be off.
  private static final Duration SKEW = Duration.ofMinutes(1);

  private final OidcIssuer issuer;
  private final InstantSource clock;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  IdTokens(OidcIssuer issuer, JWKSource<SecurityContext> keys, InstantSource clock) {
    this.issuer = issuer;
    this.clock = clock;
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    processor.setJWTClaimsSetVerifier(new TokenTimeCheck());
  }

  private final class TokenTimeCheck extends DefaultJWTClaimsVerifier<SecurityContext> {
    TokenTimeCheck() {
      super(issuer.client().id(), exact(), Set.of("sub", "iat", "exp"));
      setMaxClockSkew((int) SKEW.toSeconds());
    }

    @Override
    protected Date currentTime() {
      return Date.from(clock.instant());
    }
  }

  private JWTClaimsSet exact() {
    var exact = new JWTClaimsSet.Builder().issuer(issuer.url().toString());
    issuer.claims().required().forEach(exact::claim);
    return exact.build();
  }

  /// The claims of a token that holds; throws for every other.
  JWTClaimsSet verified(String token) throws ParseException, BadJOSEException, JOSEException {
    var claims = processor.process(token, null);
    require(!claims.getSubject().isBlank(), "it names nobody");
    require(claims.getSubject().length() <= LONGEST_SUBJECT, "its subject is too long");
    var latest = clock.instant().plus(SKEW);
    require(!claims.getIssueTime().toInstant().isAfter(latest), "it is from the future");
    var azp = claims.getStringClaim("azp");
    require(azp == null || azp.equals(issuer.client().id()), "it was issued to another client");
    require(
        new HashSet<>(claims.getAudience()).equals(Set.of(issuer.client().id())) || azp != null,
        "it is for others too");
    return claims;
  }

  /// The claims of a token that answers the sign-in of this nonce.
  JWTClaimsSet verified(String token, String nonce)
      throws ParseException, BadJOSEException, JOSEException {
    var claims = verified(token);
    var said = claims.getClaim("nonce") instanceof String text ? text : "";
    require(
        Bytes.ofUtf8(said).equalsInConstantTime(Bytes.ofUtf8(nonce)), "it answers another sign-in");
    return claims;
  }

  private static void require(boolean holds, String otherwise) throws BadJWTException {
    if (!holds) {
      throw new BadJWTException(otherwise);
    }
  }
}
