package org.openlockbox.server.portal;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.SubjectId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.signing.WebAuthnBinding;

/// The passkeys of one approver that can sign on our approve origin.
record Passkeys(List<VerifyingKey> keys) {
  Passkeys {
    keys = List.copyOf(keys);
  }

  static Passkeys of(Keyring keyring, SubjectId approver, Optional<String> origin) {
    return new Passkeys(
        keyring.keys().stream()
            .filter(key -> key.approver().equals(approver))
            .map(ApproverKey::key)
            .filter(key -> origin.filter(page -> signsOn(key, page)).isPresent())
            .toList());
  }

  private static boolean signsOn(VerifyingKey key, String origin) {
    return key.webauthn().map(WebAuthnBinding::origins).orElse(List.of()).contains(origin);
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  /// What tells a browser which passkeys it may use.
  List<Bytes> credentialIds() {
    return keys.stream()
        .flatMap(key -> key.webauthn().stream())
        .map(WebAuthnBinding::credentialId)
        .toList();
  }

  Optional<VerifyingKey> find(Bytes credentialId) {
    return keys.stream()
        .filter(
            key ->
                key.webauthn().map(WebAuthnBinding::credentialId).equals(Optional.of(credentialId)))
        .findFirst();
  }
}
