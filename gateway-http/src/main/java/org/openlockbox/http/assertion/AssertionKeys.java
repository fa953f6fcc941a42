package org.openlockbox.http.assertion;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;

/// The keys of a gateway's assertions. The first one signs. All are published, so that services
/// know the next key before it signs, and the last one for as long as its assertions are good.
public final class AssertionKeys {
  /// A gateway that signs no assertions.
  public static final AssertionKeys NONE = new AssertionKeys(List.of());

  private static final int POINT = 64;
  private static final int COORDINATE = 32;

  private final List<PublishedKey> keys;

  private AssertionKeys(List<PublishedKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /// A key, and what is published of it.
  ///
  /// @param id its thumbprint (RFC 7638)
  private record PublishedKey(SoftwareKey key, String id, Json.Object shown) {
    static PublishedKey of(SoftwareKey key) {
      if (key.key().scheme() != Scheme.ECDSA_P256) {
        throw new IllegalArgumentException("assertions are signed with keys on P-256 (ES256)");
      }
      Bytes spki = key.key().spki();
      Bytes point = spki.slice(spki.size() - POINT, spki.size());
      var coordinates =
          Json.object()
              .put("crv", "P-256")
              .put("kty", "EC")
              .put("x", point.slice(0, COORDINATE).base64Url())
              .put("y", point.slice(COORDINATE, POINT).base64Url());
      String id =
          Bytes.of(Bytes.of(CanonicalJson.bytes(coordinates.build())).sha256().bytes()).base64Url();
      return new PublishedKey(
          key, id, coordinates.put("alg", "ES256").put("kid", id).put("use", "sig").build());
    }
  }

  /// Takes these keys.
  ///
  /// @throws IllegalArgumentException if one is not on P-256, or is there twice
  public static AssertionKeys of(List<SoftwareKey> keys) {
    List<PublishedKey> published = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (SoftwareKey each : keys) {
      PublishedKey next = PublishedKey.of(each);
      if (!ids.add(next.id())) {
        throw new IllegalArgumentException("a key of assertions is named twice");
      }
      published.add(next);
    }
    return new AssertionKeys(published);
  }

  /// The public keys as a JWK set (RFC 7517), in canonical JSON.
  public String jwks() {
    return CanonicalJson.text(
        Json.object().put("keys", keys.stream().map(PublishedKey::shown).toList()).build());
  }

  /// A JWS in its compact form (RFC 7515) of these claims, by the first key.
  ///
  /// @param type what the claims are (`typ`)
  String sign(String type, Json.Object claims) {
    if (keys.isEmpty()) {
      throw new IllegalStateException("this gateway has no key for assertions");
    }
    PublishedKey first = keys.getFirst();
    Json header = Json.object().put("alg", "ES256").put("kid", first.id()).put("typ", type).build();
    String signed = encoded(header) + "." + encoded(claims);
    return signed + "." + first.key().es256(Bytes.ofUtf8(signed)).base64Url();
  }

  private static String encoded(Json value) {
    return Bytes.of(CanonicalJson.bytes(value)).base64Url();
  }
}
