package org.openlockbox.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;

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

  public NoteVerifier verifier() {
    return verifier;
  }

  /// The line of a log's key for a note text (which ends in a newline). Without a time: a log's
  /// word for it would be worth nothing.
  public NoteSignature signature(String text) {
    return switch (verifier) {
      case Ed25519Verifier _ -> line(signer.sign(SignedNote.checkText(text).getBytes(UTF_8)));
      case MlDsaVerifier _ -> timed(text, 0);
      case CosignatureVerifier _ -> throw new IllegalStateException("a cosignature has a time");
    };
  }

  /// The line of a witness's key for the text of a checkpoint.
  ///
  /// @param time seconds since 1970, more than 0
  public NoteSignature cosignature(String text, long time) {
    if (time <= 0) {
      throw new IllegalArgumentException("a cosignature has a time");
    }
    return timed(text, time);
  }

  private NoteSignature timed(String text, long time) {
    var message =
        switch (verifier) {
          case CosignatureVerifier _ -> CosignatureVerifier.message(text, time);
          case MlDsaVerifier(var name, var _) ->
              MlDsaVerifier.message(name, Checkpoint.parse(text), time);
          case Ed25519Verifier _ ->
              throw new IllegalStateException("a log's Ed25519 key signs no time");
        };
    return line(new TimedSignature(time, signer.sign(message)).joined());
  }

  private NoteSignature line(byte[] signature) {
    return NoteSignature.of(verifier.name(), keyId, signature);
  }

  @Override
  public String toString() {
    return "signer of " + verifier;
  }
}
