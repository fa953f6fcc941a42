package org.openlockbox.server.notify.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openlockbox.core.canonical.Bytes;

/// What a webhook's receiver and this server know: the key of the signature that each call carries,
/// as Standard Webhooks 1.0 has it. No text of ours contains it but the one answer that hands it
/// out.
public final class WebhookSecret {
  private static final int BYTES = 32;

  private final Bytes key;

  private WebhookSecret(Bytes key) {
    this.key = key;
  }

  static WebhookSecret random(RandomGenerator random) {
    byte[] key = new byte[BYTES];
    random.nextBytes(key);
    return new WebhookSecret(Bytes.of(key));
  }

  static WebhookSecret of(Bytes key) {
    return new WebhookSecret(key);
  }

  /// The key itself, to be wrapped.
  Bytes bytes() {
    return key;
  }

  /// How the receiver is told, once.
  String handedOut() {
    return "whsec_" + key.base64();
  }

  /// One signature for the header `webhook-signature`.
  public String signature(String id, Instant at, String body) {
    String signed = "%s.%d.%s".formatted(id, at.getEpochSecond(), body);
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.toArray(), "HmacSHA256"));
      byte[] tag = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(tag);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC is part of every JDK", e);
    }
  }

  @Override
  public String toString() {
    return "WebhookSecret";
  }
}
