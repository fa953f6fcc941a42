package org.openlockbox.core.signing;

import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;

/// One signature of an envelope, as it was claimed; [SignatureCheck] decides whether it is true.
/// The bytes are never an id: another valid signature by the same key over the same statement can
/// exist.
public sealed interface Signature {
  /// Longest `sig`, `authenticatorData` or `clientDataJSON`.
  int MAX_BYTES = 4096;

  /// Hint which key has signed.
  KeyId keyId();

  Scheme scheme();

  Bytes sig();

  Json.Object toJson();

  /// A signature over the PAE, directly or as `ssh-keygen` makes it.
  record OverPae(KeyId keyId, Scheme scheme, Bytes sig) implements Signature {
    public OverPae {
      if (scheme == Scheme.WEBAUTHN) {
        throw new IllegalArgumentException("a passkey does not sign directly");
      }
      checkLength(sig);
    }

    @Override
    public Json.Object toJson() {
      return Json.object()
          .put("keyId", keyId.hex())
          .put("scheme", scheme.word())
          .put("sig", sig)
          .build();
    }
  }

  /// A passkey's assertion: `sig` is over `authenticatorData || SHA-256(clientDataJson)`.
  record WebAuthn(KeyId keyId, Bytes sig, Bytes authenticatorData, Bytes clientDataJson)
      implements Signature {
    public WebAuthn {
      checkLength(sig);
      checkLength(authenticatorData);
      checkLength(clientDataJson);
    }

    @Override
    public Scheme scheme() {
      return Scheme.WEBAUTHN;
    }

    @Override
    public Json.Object toJson() {
      return Json.object()
          .put("keyId", keyId.hex())
          .put("scheme", Scheme.WEBAUTHN.word())
          .put("sig", sig)
          .put("authenticatorData", authenticatorData)
          .put("clientDataJSON", clientDataJson)
          .build();
    }
  }

  static Signature parse(Fields fields) {
    var keyId = fields.value("keyId", KeyId::parse);
    var scheme = fields.value("scheme", Scheme::parse);
    var sig = fields.bytes("sig");
    try {
      var signature =
          scheme == Scheme.WEBAUTHN
              ? new WebAuthn(
                  keyId, sig, fields.bytes("authenticatorData"), fields.bytes("clientDataJSON"))
              : new OverPae(keyId, scheme, sig);
      fields.done();
      return signature;
    } catch (IllegalArgumentException e) {
      throw new MalformedJson("not a signature: " + e.getMessage(), e);
    }
  }

  private static void checkLength(Bytes part) {
    if (part.isEmpty() || part.size() > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a part of a signature has 1 to %d bytes, not %d".formatted(MAX_BYTES, part.size()));
    }
  }
}
