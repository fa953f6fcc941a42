package org.openlockbox.tlog;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;

/// Signs notes under one key name. The private key stays inside the [MessageSigner].
public final class NoteSigner {
  private final NoteVerifier verifier;
  private final int keyId;
  private final MessageSigner signer;

  public NoteSigner(NoteVerifier verifier, MessageSigner signer) {
    this.verifier = verifier;
    this.keyId = verifier.keyId();
    this.signer = signer;
  }

  /// A signer that uses the JDK; `publicKey` is the public half of `privateKey`.
  public static NoteSigner of(String name, Ed25519Point publicKey, PrivateKey privateKey) {
    return new NoteSigner(new NoteVerifier(name, publicKey), MessageSigner.of(privateKey));
  }

  public NoteVerifier verifier() {
    return verifier;
  }

  /// The signature line of this key for a note text (which ends in a newline).
  public NoteSignature signature(String text) {
    var bytes = SignedNote.checkText(text).getBytes(StandardCharsets.UTF_8);
    return NoteSignature.of(verifier.name(), keyId, signer.sign(bytes));
  }

  /// A note with this one signature.
  public SignedNote sign(String text) {
    return SignedNote.of(text, signature(text));
  }

  @Override
  public String toString() {
    return "signer of " + verifier;
  }
}
