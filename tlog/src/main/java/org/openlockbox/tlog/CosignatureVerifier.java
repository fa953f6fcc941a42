package org.openlockbox.tlog;

import java.nio.charset.StandardCharsets;

/// A witness's Ed25519 key (type 0x04, C2SP tlog-cosignature): signs a time and the whole text of a
/// checkpoint. The signature does not name the witness, so each witness needs a key of its own.
public record CosignatureVerifier(String name, Ed25519Point key) implements NoteVerifier {
  static final byte TYPE = 0x04;

  public CosignatureVerifier {
    KeyNames.check(name);
  }

  @Override
  public byte[] typed() {
    return KeyNames.typed(TYPE, key.bytes());
  }

  @Override
  public boolean verifies(String text, NoteSignature signature) {
    var timed = TimedSignature.of(signature);
    return isNamedBy(signature)
        && timed.time() > 0
        && key.verifies(message(text, timed.time()), timed.bytes());
  }

  /// What is signed: `cosignature/v1`, the time in seconds since 1970, and the note text.
  static byte[] message(String text, long time) {
    return "cosignature/v1\ntime %d\n%s".formatted(time, text).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return vkey();
  }
}
