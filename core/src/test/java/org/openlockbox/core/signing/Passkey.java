package org.openlockbox.core.signing;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import org.openlockbox.core.canonical.Bytes;

/// A passkey in software, for tests: it signs whatever client data and flags it is told to.
public final class Passkey implements PrivateSigner {
  public static final String ORIGIN = "https://approve.acme.example";
  public static final String RP_ID = "approve.acme.example";
  public static final int UP_UV = 0x05;

  private final SoftwareKey secret;
  private final VerifyingKey key;

  Passkey(Scheme material, boolean backupEligible) {
    secret = SoftwareKey.generate(material, new SecureRandom());
    key =
        VerifyingKey.enrolWebAuthn(
            secret.key().spki(),
            new WebAuthnBinding(
                RP_ID, List.of(ORIGIN), Bytes.ofUtf8("credential"), backupEligible));
  }

  public static Passkey es256() {
    return new Passkey(Scheme.ECDSA_P256, false);
  }

  @Override
  public VerifyingKey key() {
    return key;
  }

  @Override
  public Signature sign(Bytes pae) {
    return sign(clientData(pae), authenticatorData(RP_ID, UP_UV));
  }

  public Signature.WebAuthn sign(String clientData, Bytes authenticatorData) {
    return sign(Bytes.of(clientData.getBytes(StandardCharsets.UTF_8)), authenticatorData);
  }

  Signature.WebAuthn sign(Bytes clientData, Bytes authenticatorData) {
    var signed = authenticatorData.plus(Bytes.of(clientData.sha256().bytes()));
    return new Signature.WebAuthn(
        key.keyId(), secret.sign(signed).sig(), authenticatorData, clientData);
  }

  public static String challenge(Bytes pae) {
    return Bytes.of(pae.sha256().bytes()).base64Url();
  }

  public static String clientData(Bytes pae) {
    return "{\"type\":\"webauthn.get\",\"challenge\":\"%s\",\"origin\":\"%s\",\"crossOrigin\":false}"
        .formatted(challenge(pae), ORIGIN);
  }

  public static Bytes authenticatorData(String rpId, int flags) {
    return Bytes.of(Bytes.ofUtf8(rpId).sha256().bytes())
        .plus(Bytes.of(new byte[] {(byte) flags, 0, 0, 0, 0}));
  }
}
