package org.openlockbox.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.StrictBase64;

/// The public half of a note key (C2SP signed-note, "Signatures"): a name and a key of one of the
/// types that are known here. Written as a vkey: `<name>+<hex key id>+<base64(type || key)>`.
public sealed interface NoteVerifier permits Ed25519Verifier, MlDsaVerifier, CosignatureVerifier {
  String name();

  /// The type byte and the key's bytes.
  byte[] typed();

  /// Whether the line is this key's valid signature over the note text.
  boolean verifies(String text, NoteSignature signature);

  /// Reads a vkey; refuses other key types, a key id that does not belong to the key, and every
  /// second spelling.
  static NoteVerifier parse(String vkey) {
    if (vkey.length() > KeyNames.MAX_VKEY) {
      throw new MalformedNote("a vkey has at most " + KeyNames.MAX_VKEY + " characters");
    }
    var parts = vkey.split("\\+", 3);
    if (parts.length != 3) {
      throw new MalformedNote("not a vkey: " + vkey);
    }
    try {
      var verifier = of(parts[0], StrictBase64.decode(parts[2]));
      if (!verifier.vkey().equals(vkey)) {
        throw new MalformedNote("the key id does not belong to the key: " + vkey);
      }
      return verifier;
    } catch (IllegalArgumentException e) {
      throw new MalformedNote("not a vkey: " + vkey, e);
    }
  }

  private static NoteVerifier of(String name, byte[] typed) {
    if (typed.length == 0) {
      throw new IllegalArgumentException("a vkey has a type and a key");
    }
    var key = Arrays.copyOfRange(typed, 1, typed.length);
    return switch (typed[0]) {
      case Ed25519Verifier.TYPE -> new Ed25519Verifier(name, Ed25519Point.of(key));
      case CosignatureVerifier.TYPE -> new CosignatureVerifier(name, Ed25519Point.of(key));
      case MlDsaVerifier.TYPE -> new MlDsaVerifier(name, MlDsaKey.of(key));
      default -> throw new IllegalArgumentException("a vkey of unknown type " + typed[0]);
    };
  }

  default String vkey() {
    return "%s+%08x+%s".formatted(name(), keyId(), StrictBase64.encode(typed()));
  }

  /// First four bytes of `SHA-256(name || 0x0A || type || key)`.
  default int keyId() {
    var hash = Hash.sha256((name() + "\n").getBytes(StandardCharsets.UTF_8), typed());
    return ByteBuffer.wrap(hash.bytes()).getInt();
  }

  /// Whether this key is the one that the signature line names. Not yet a verification.
  default boolean isNamedBy(NoteSignature signature) {
    return signature.name().equals(name()) && signature.keyId() == keyId();
  }
}
