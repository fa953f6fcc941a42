package org.openlockbox.core.signing;

import java.security.PublicKey;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.tlog.Ed25519Point;

/// A public key that passed the enrolment checks; there is no other way to hold one. For a passkey
/// it includes what its assertions are held to, for an SSH key on a security key the application.
/// In documents: `{"scheme","spki"[,"webauthn":{…}][,"application"]}`.
///
/// Enrolment refuses Ed25519 keys of low order and non-canonical encodings, points off the curve,
/// other curves and key types, and every SPKI that is not the one usual encoding of its key.
public final class VerifyingKey {
  private static final Pattern APPLICATION = Pattern.compile("ssh:[!-~]{0,60}");

  private final Scheme scheme;
  private final Bytes spki;
  private final @Nullable WebAuthnBinding binding;
  private final @Nullable String application;
  private final PublicKeyKind kind;

  /// The two kinds of key material behind the schemes.
  private sealed interface PublicKeyKind {
    record Ed25519(Ed25519Point point) implements PublicKeyKind {}

    record EcP256(PublicKey key) implements PublicKeyKind {}
  }

  private VerifyingKey(
      Scheme scheme, Bytes spki, @Nullable WebAuthnBinding binding, @Nullable String application) {
    this.scheme = scheme;
    this.spki = spki;
    this.binding = binding;
    this.application = application;
    this.kind =
        switch (scheme) {
          case ED25519 -> ed25519(spki);
          case ECDSA_P256 -> new PublicKeyKind.EcP256(P256.key(spki));
          case WEBAUTHN, SSHSIG ->
              isEd25519(spki) ? ed25519(spki) : new PublicKeyKind.EcP256(P256.key(spki));
          case ML_DSA_44 -> throw new UnacceptableKey("only a log has an ML-DSA-44 key");
        };
  }

  /// Checks and takes a plain key. Throws [UnacceptableKey].
  public static VerifyingKey enrol(Scheme scheme, Bytes spki) {
    if (scheme == Scheme.WEBAUTHN) {
      throw new UnacceptableKey("a passkey is enrolled with its relying party and origins");
    }
    return new VerifyingKey(scheme, spki, null, null);
  }

  /// Checks and takes a passkey. Throws [UnacceptableKey].
  public static VerifyingKey enrolWebAuthn(Bytes spki, WebAuthnBinding binding) {
    return new VerifyingKey(Scheme.WEBAUTHN, spki, binding, null);
  }

  /// Checks and takes an SSH key on a FIDO security key, made for this application. Throws
  /// [UnacceptableKey].
  public static VerifyingKey enrolSecurityKey(Bytes spki, String application) {
    if (!APPLICATION.matcher(application).matches()) {
      throw new UnacceptableKey(
          "the application of a security key is ssh: and at most 60 more ASCII characters");
    }
    return new VerifyingKey(Scheme.SSHSIG, spki, null, application);
  }

  public static VerifyingKey parse(Fields fields) {
    var scheme = fields.value("scheme", Scheme::parse);
    var spki = fields.bytes("spki");
    try {
      var key =
          switch (scheme) {
            case ED25519, ECDSA_P256, ML_DSA_44 -> enrol(scheme, spki);
            case WEBAUTHN -> enrolWebAuthn(spki, WebAuthnBinding.parse(fields.object("webauthn")));
            case SSHSIG ->
                fields.has("application")
                    ? enrolSecurityKey(spki, fields.text("application"))
                    : enrol(scheme, spki);
          };
      fields.done();
      return key;
    } catch (UnacceptableKey e) {
      throw new MalformedJson("a key that may not be enrolled: " + e.getMessage(), e);
    }
  }

  public static VerifyingKey parse(Json json) {
    return parse(Fields.of(json, "key"));
  }

  public Json.Object toJson() {
    var json = Json.object().put("scheme", scheme.word()).put("spki", spki);
    if (binding != null) {
      json.put("webauthn", binding.toJson());
    }
    if (application != null) {
      json.put("application", application);
    }
    return json.build();
  }

  public Scheme scheme() {
    return scheme;
  }

  /// The DER form of the public key.
  public Bytes spki() {
    return spki;
  }

  public Optional<WebAuthnBinding> webauthn() {
    return Optional.ofNullable(binding);
  }

  /// What an SSH key on a security key was made for: `ssh:` and perhaps more. Absent for all other
  /// keys. No relying party of a passkey can have such a name, so neither signs for the other.
  public Optional<String> application() {
    return Optional.ofNullable(application);
  }

  public KeyId keyId() {
    return new KeyId(spki.sha256());
  }

  /// The signature maths alone: whether `signature` is this key's over exactly these bytes.
  boolean verifies(Bytes message, Bytes signature) {
    return switch (kind) {
      case PublicKeyKind.Ed25519(var point) ->
          point.verifies(message.toArray(), signature.toArray());
      case PublicKeyKind.EcP256(var key) -> P256.verifies(key, message.toArray(), signature);
    };
  }

  boolean isEd25519() {
    return isEd25519(spki);
  }

  private static boolean isEd25519(Bytes spki) {
    return spki.size() == 44;
  }

  private static PublicKeyKind ed25519(Bytes spki) {
    try {
      return new PublicKeyKind.Ed25519(Ed25519Point.ofSpki(spki.toArray()));
    } catch (IllegalArgumentException e) {
      throw new UnacceptableKey(Objects.toString(e.getMessage()), e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifyingKey that
        && scheme == that.scheme
        && spki.equals(that.spki)
        && Objects.equals(binding, that.binding)
        && Objects.equals(application, that.application);
  }

  @Override
  public int hashCode() {
    return Objects.hash(scheme, spki, binding, application);
  }

  @Override
  public String toString() {
    return scheme + " key " + keyId();
  }
}
