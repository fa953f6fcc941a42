package org.openlockbox.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The public half of a note key: a name and an Ed25519 key of type 0x01 (C2SP signed-note,
/// "Signatures"). Written as a vkey: `<name>+<hex key id>+<base64(0x01 || key)>`.
public record NoteVerifier(String name, Ed25519Point key) {
  private static final byte ED25519 = 0x01;
  private static final int MAX_NAME = 255;
  private static final int MAX_VKEY = 400;

  public NoteVerifier {
    checkName(name);
  }

  /// Reads a vkey; refuses other key types, a key id that does not belong to the key, and every
  /// second spelling.
  public static NoteVerifier parse(String vkey) {
    if (vkey.length() > MAX_VKEY) {
      throw new MalformedNote("a vkey has at most " + MAX_VKEY + " characters");
    }
    var parts = vkey.split("\\+", 3);
    if (parts.length != 3) {
      throw new MalformedNote("not a vkey: " + vkey);
    }
    try {
      var typed = StrictBase64.decode(parts[2]);
      if (typed.length != 1 + Ed25519Point.LENGTH || typed[0] != ED25519) {
        throw new MalformedNote("not an Ed25519 vkey: " + vkey);
      }
      var key = Ed25519Point.of(Arrays.copyOfRange(typed, 1, typed.length));
      var verifier = new NoteVerifier(parts[0], key);
      if (!verifier.vkey().equals(vkey)) {
        throw new MalformedNote("the key id does not belong to the key: " + vkey);
      }
      return verifier;
    } catch (IllegalArgumentException e) {
      throw new MalformedNote("not a vkey: " + vkey, e);
    }
  }

  public String vkey() {
    return "%s+%08x+%s".formatted(name, keyId(), StrictBase64.encode(typed()));
  }

  /// First four bytes of `SHA-256(name || 0x0A || type || key)`.
  public int keyId() {
    var hash = Hash.sha256((name + "\n").getBytes(StandardCharsets.UTF_8), typed());
    return ByteBuffer.wrap(hash.bytes()).getInt();
  }

  /// Whether this key is the one that the signature line names. Not yet a verification.
  public boolean isNamedBy(NoteSignature signature) {
    return signature.name().equals(name) && signature.keyId() == keyId();
  }

  /// Whether the line is this key's valid signature over the note text.
  public boolean verifies(String text, NoteSignature signature) {
    return isNamedBy(signature)
        && key.verifies(text.getBytes(StandardCharsets.UTF_8), signature.signature());
  }

  private byte[] typed() {
    return ByteBuffer.allocate(1 + Ed25519Point.LENGTH).put(ED25519).put(key.bytes()).array();
  }

  /// Key names are not empty and have no Unicode space, plus sign or control character.
  static String checkName(String name) {
    boolean bad =
        name.codePoints()
            .anyMatch(
                c ->
                    Character.isSpaceChar(c)
                        || Character.isWhitespace(c)
                        || Character.isISOControl(c)
                        || c == '+');
    if (name.isEmpty() || name.length() > MAX_NAME || bad) {
      throw new MalformedNote("not a key name: '" + name + "'");
    }
    return name;
  }

  @Override
  public String toString() {
    return vkey();
  }
}
