package org.openlockbox.core.signing;

import java.util.Collection;
import java.util.List;
import org.openlockbox.core.canonical.Bytes;

/// What came of checking one signature of an envelope with one enrolled key.
public sealed interface SignatureCheck {
  /// The key has signed exactly this envelope's type and payload. Only [SignatureCheck#verify]
  /// makes one, so whatever needs a signature can ask for this.
  final class Valid implements SignatureCheck {
    private final VerifyingKey key;
    private final Envelope envelope;

    private Valid(VerifyingKey key, Envelope envelope) {
      this.key = key;
      this.envelope = envelope;
    }

    public VerifyingKey key() {
      return key;
    }

    public Envelope envelope() {
      return envelope;
    }

    @Override
    public String toString() {
      return "valid signature by " + key;
    }
  }

  /// Not a signature to rely on, and why, in words that may be shown.
  record Invalid(String why) implements SignatureCheck {}

  /// Checks the signature with the enrolled key. The algorithm comes from the key, never from the
  /// message. Whatever is wrong is an [Invalid]; nothing is thrown.
  static SignatureCheck verify(VerifyingKey key, Envelope envelope, Signature signature) {
    var fault = TrueSignatures.SHARED.fault(key, envelope.pae(), signature);
    return fault.isEmpty() ? new Valid(key, envelope) : new Invalid(fault);
  }

  /// Why this is not the key's signature over an envelope with this PAE, or an empty text when it
  /// is. For a signature that is checked once, such as the signer's own; others ask for a [Valid].
  static String fault(VerifyingKey key, Bytes pae, Signature signature) {
    if (!signature.keyId().equals(key.keyId())) {
      return "signed with another key";
    }
    if (signature.scheme() != key.scheme()) {
      return "the key is enrolled for %s, not %s".formatted(key.scheme(), signature.scheme());
    }
    return switch (signature) {
      case Signature.OverPae plain when plain.scheme() == Scheme.SSHSIG ->
          SshSig.fault(key, pae, plain.sig());
      case Signature.OverPae plain ->
          key.verifies(pae, plain.sig()) ? "" : "the signature is false";
      case Signature.WebAuthn assertion -> WebAuthnAssertion.fault(key, pae, assertion);
    };
  }

  /// The valid signatures of an envelope by any of these keys, each key at most once. Signatures by
  /// other keys and false ones are left out: count what is valid, by person, against a quorum.
  static List<Valid> valid(Collection<VerifyingKey> keys, Envelope envelope) {
    return keys.stream()
        .distinct()
        .flatMap(
            key ->
                envelope.signatures().stream()
                    .map(signature -> verify(key, envelope, signature))
                    .filter(Valid.class::isInstance)
                    .map(Valid.class::cast)
                    .limit(1))
        .toList();
  }
}
