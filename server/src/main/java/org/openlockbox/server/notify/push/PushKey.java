package org.openlockbox.server.notify.push;

import com.zerodeplibs.webpush.VAPIDKeyPair;
import com.zerodeplibs.webpush.VAPIDKeyPairs;
import com.zerodeplibs.webpush.jwt.VAPIDJWTParam;
import com.zerodeplibs.webpush.key.PrivateKeySources;
import com.zerodeplibs.webpush.key.PublicKeySources;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.server.seal.KeyWrapping;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The key by which push services know this server (VAPID, RFC 8292). The first server that needs
/// it makes it, for all. It lies wrapped by a key outside the database. Whoever has it can send a
/// browser a message only with the keys of that browser too.
final class PushKey {
  private static final Duration GOOD = Duration.ofHours(12);
  private static final Bytes CONTEXT = Bytes.ofUtf8("lockbox push key v1");

  private final JdbcClient jdbc;
  private final KeyWrapping wrapping;
  private final InstantSource clock;
  private final SecureRandom random;
  private final URI publicUrl;

  PushKey(
      JdbcClient jdbc,
      KeyWrapping wrapping,
      InstantSource clock,
      SecureRandom random,
      URI publicUrl) {
    this.jdbc = jdbc;
    this.wrapping = wrapping;
    this.clock = clock;
    this.random = random;
    this.publicUrl = publicUrl;
  }

  private record KeptPushKey(Bytes publicKey, String by, Bytes wrapped) {}

  /// What browsers are told when they subscribe, as they want it: a point in base64url.
  String publicKey() {
    return pair(kept()).extractPublicKeyInUncompressedFormAsString();
  }

  /// What a call of this endpoint says who we are with.
  String authorization(URI endpoint) {
    Instant until = clock.instant().plus(GOOD);
    var claims =
        VAPIDJWTParam.getBuilder().resourceURLString(endpoint.toString()).expirationTime(until);
    if ("https".equals(publicUrl.getScheme())) {
      claims.subject(publicUrl.toString());
    }
    return pair(kept()).generateAuthorizationHeaderValue(claims.build());
  }

  private VAPIDKeyPair pair(KeptPushKey key) {
    byte[] secret = wrapping.unwrap(key.by, key.wrapped, CONTEXT).toArray();
    return VAPIDKeyPairs.of(
        PrivateKeySources.ofPKCS8Bytes(secret),
        PublicKeySources.ofX509Bytes(key.publicKey.toArray()));
  }

  private KeptPushKey kept() {
    return find().orElseGet(this::made);
  }

  private Optional<KeptPushKey> find() {
    return jdbc.sql("select public, wrapped_by, wrapped from push_key")
        .query(
            (row, n) ->
                new KeptPushKey(
                    Bytes.of(row.getBytes("public")),
                    row.getString("wrapped_by"),
                    Bytes.of(row.getBytes("wrapped"))))
        .optional();
  }

  /// Of two servers that make one at once, the first wins for both.
  private KeptPushKey made() {
    var pair = random();
    jdbc.sql(
            """
            insert into push_key (public, wrapped_by, wrapped, made_at) values (?, ?, ?, ?)
            on conflict (single) do nothing
            """)
        .params(
            pair.getPublic().getEncoded(),
            wrapping.current(),
            wrapping.wrap(Bytes.of(pair.getPrivate().getEncoded()), CONTEXT).toArray(),
            clock.instant().atOffset(ZoneOffset.UTC))
        .update();
    return find().orElseThrow();
  }

  private KeyPair random() {
    try {
      var pairs = KeyPairGenerator.getInstance("EC");
      pairs.initialize(new ECGenParameterSpec("secp256r1"), random);
      return pairs.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("P-256 is part of every JDK", e);
    }
  }

  /// Wraps by the current key what another one has wrapped.
  void adopt() {
    find()
        .filter(key -> !key.by.equals(wrapping.current()))
        .ifPresent(
            key ->
                jdbc.sql("update push_key set wrapped_by = ?, wrapped = ? where wrapped_by = ?")
                    .params(
                        wrapping.current(),
                        wrapping
                            .wrap(wrapping.unwrap(key.by, key.wrapped, CONTEXT), CONTEXT)
                            .toArray(),
                        key.by)
                    .update());
  }
}
