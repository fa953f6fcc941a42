package org.openlockbox.core.testing;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.PasskeyRegistration;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.signing.WebAuthnBinding;

/// A passkey in software, for tests: it signs whatever client data and flags it is told to.
public final class Passkey implements PrivateSigner {
  public static final String ORIGIN = "https://approve.acme.example";
  public static final String RP_ID = "approve.acme.example";
  public static final int UP_UV = 0x05;
  public static final int BE = 0x08;
  public static final int BS = 0x10;
  public static final int AT = 0x40;
  private static final Bytes CREDENTIAL = Bytes.ofUtf8("credential");

  private final SoftwareKey secret;
  private final String origin;
  private final VerifyingKey key;

  private Passkey(SoftwareKey secret, String rpId, String origin, boolean backupEligible) {
    this(secret, rpId, origin, backupEligible, CREDENTIAL);
  }

  private Passkey(
      SoftwareKey secret, String rpId, String origin, boolean backupEligible, Bytes credentialId) {
    this.secret = secret;
    this.origin = origin;
    this.key =
        VerifyingKey.enrolWebAuthn(
            secret.key().spki(),
            new WebAuthnBinding(rpId, List.of(origin), credentialId, backupEligible));
  }

  /// One of this key material, of a page of acme's own.
  public static Passkey of(Scheme material, boolean backupEligible, SecureRandom random) {
    return new Passkey(SoftwareKey.generate(material, random), RP_ID, ORIGIN, backupEligible);
  }

  /// The same with a credential id of its own, for people who have several.
  public static Passkey another(Scheme material, boolean backupEligible, SecureRandom random) {
    var secret = SoftwareKey.generate(material, random);
    return new Passkey(secret, RP_ID, ORIGIN, backupEligible, newId(random));
  }

  private static Bytes newId(SecureRandom random) {
    byte[] id = new byte[20];
    random.nextBytes(id);
    return Bytes.of(id);
  }

  public static Passkey es256(SecureRandom random) {
    return of(Scheme.ECDSA_P256, false, random);
  }

  /// One that signs on another page, with a credential id of its own.
  public static Passkey of(String rpId, String origin, SecureRandom random) {
    var secret = SoftwareKey.generate(Scheme.ECDSA_P256, random);
    return new Passkey(secret, rpId, origin, false, newId(random));
  }

  /// The private half as PKCS #8 in PEM, for an authenticator that is to hold it.
  public String pem() {
    return KeyFile.format(secret);
  }

  @Override
  public VerifyingKey key() {
    return key;
  }

  @Override
  public Signature sign(Bytes pae) {
    var rpId = key.webauthn().orElseThrow().rpId();
    return sign(clientData(pae, origin), authenticatorData(rpId, flags()));
  }

  /// Those of a user who was verified; a passkey that may be synced says in each answer that it is.
  private int flags() {
    return key.webauthn().orElseThrow().backupEligible() ? UP_UV | BE | BS : UP_UV;
  }

  public Signature.WebAuthn sign(String clientData, Bytes authenticatorData) {
    return sign(Bytes.of(clientData.getBytes(StandardCharsets.UTF_8)), authenticatorData);
  }

  public Signature.WebAuthn sign(Bytes clientData, Bytes authenticatorData) {
    var signed = authenticatorData.plus(Bytes.of(clientData.sha256().bytes()));
    return new Signature.WebAuthn(
        key.keyId(), secret.sign(signed).sig(), authenticatorData, clientData);
  }

  public Bytes credentialId() {
    return key.webauthn().orElseThrow().credentialId();
  }

  /// What a browser answers that was asked to make this passkey.
  public PasskeyRegistration.AttestationResponse register(Bytes pae) {
    return register(pae, flags() | AT);
  }

  public PasskeyRegistration.AttestationResponse register(Bytes pae, int flags) {
    var rpId = key.webauthn().orElseThrow().rpId();
    return new PasskeyRegistration.AttestationResponse(
        Bytes.ofUtf8(clientData(pae, origin).replace("webauthn.get", "webauthn.create")),
        authenticatorData(rpId, flags).plus(attested()));
  }

  /// Attested credential data: no make, the credential id with its length, and the key in COSE.
  public Bytes attested() {
    int length = credentialId().size();
    return Bytes.of(new byte[16])
        .plus(Bytes.of(new byte[] {(byte) (length >> 8), (byte) length}))
        .plus(credentialId())
        .plus(cose(key.spki()));
  }

  private static Bytes cose(Bytes spki) {
    int end = spki.size();
    return end == 44
        ? Bytes.ofHex("a4010103272006215820").plus(spki.slice(12, end))
        : Bytes.ofHex("a5010203262001215820")
            .plus(spki.slice(27, 59))
            .plus(Bytes.ofHex("225820"))
            .plus(spki.slice(59, end));
  }

  public static String challenge(Bytes pae) {
    return Bytes.of(pae.sha256().bytes()).base64Url();
  }

  public static String clientData(Bytes pae) {
    return clientData(pae, ORIGIN);
  }

  public static String clientData(Bytes pae, String origin) {
    return "{\"type\":\"webauthn.get\",\"challenge\":\"%s\",\"origin\":\"%s\",\"crossOrigin\":false}"
        .formatted(challenge(pae), origin);
  }

  public static Bytes authenticatorData(String rpId, int flags) {
    return Bytes.of(Bytes.ofUtf8(rpId).sha256().bytes())
        .plus(Bytes.of(new byte[] {(byte) flags, 0, 0, 0, 0}));
  }
}
