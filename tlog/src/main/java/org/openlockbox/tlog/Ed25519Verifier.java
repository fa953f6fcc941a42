package org.openlockbox.tlog;

import java.nio.charset.StandardCharsets;

/// A log's Ed25519 key (type 0x01): signs the bytes of the note text.
public record Ed25519Verifier(String name, Ed25519Point key) implements NoteVerifier {
  static final byte TYPE = 0x01;

  public Ed25519Verifier {
    KeyNames.check(name);
  }

  @Override
  public byte[] typed() {
    return KeyNames.typed(TYPE, key.bytes());
  }

  @Override
  public boolean verifies(String text, NoteSignature signature) {
    return isNamedBy(signature)
        && key.verifies(text.getBytes(StandardCharsets.UTF_8), signature.signature());
  }

  @Override
  public String toString() {
    return vkey();
  }
}
