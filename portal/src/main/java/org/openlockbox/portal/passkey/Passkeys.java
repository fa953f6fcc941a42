package org.openlockbox.portal.passkey;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.signing.SignatureCheck;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.signing.WebAuthnBinding;
import org.openlockbox.core.subject.SubjectId;

/// The passkeys of one approver that can sign on our approve origin.
public record Passkeys(List<VerifyingKey> keys) {
  public Passkeys {
    keys = List.copyOf(keys);
  }

  public static Passkeys of(Keyring keyring, SubjectId approver, Optional<String> origin) {
    return of(
        keyring.keys().stream()
            .filter(key -> key.approver().equals(approver))
            .map(ApproverKey::key)
            .toList(),
        origin);
  }

  /// Those of the keys that can sign on this page.
  public static Passkeys of(List<VerifyingKey> keys, Optional<String> origin) {
    return new Passkeys(
        keys.stream()
            .filter(key -> origin.filter(page -> signsOn(key, page)).isPresent())
            .toList());
  }

  private static boolean signsOn(VerifyingKey key, String origin) {
    return key.webauthn().map(WebAuthnBinding::origins).orElse(List.of()).contains(origin);
  }

  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /// What tells a browser which passkeys it may use.
  public String credentials() {
    return keys.stream()
        .flatMap(key -> key.webauthn().stream())
        .map(binding -> binding.credentialId().base64Url())
        .collect(Collectors.joining(" "));
  }

  /// Whether one of them has signed exactly this.
  public boolean hold(Envelope envelope, Signature signature) {
    return keys.stream()
        .anyMatch(
            key -> SignatureCheck.verify(key, envelope, signature) instanceof SignatureCheck.Valid);
  }

  Optional<VerifyingKey> find(Bytes credentialId) {
    return keys.stream()
        .filter(
            key ->
                key.webauthn().map(WebAuthnBinding::credentialId).equals(Optional.of(credentialId)))
        .findFirst();
  }
}
