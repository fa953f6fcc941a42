package org.openlockbox.tlog;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The ML-DSA-44 key of a log or a witness (type 0x06, C2SP tlog-cosignature): signs its own name,
/// a time (0 if a log signs and does not say it), and the origin, size and root of a checkpoint. It
/// signs no extension lines, which is why [Checkpoint] has none.
public record MlDsaVerifier(String name, MlDsaKey key) implements NoteVerifier {
  static final byte TYPE = 0x06;
  private static final byte[] LABEL = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);

  public MlDsaVerifier {
    KeyNames.check(name);
  }

  @Override
  public byte[] typed() {
    return KeyNames.typed(TYPE, key.bytes());
  }

  @Override
  public boolean verifies(String text, NoteSignature signature) {
    if (!isNamedBy(signature)) {
      return false;
    }
    try {
      var timed = TimedSignature.of(signature);
      return timed.time() >= 0
          && key.verifies(message(name, Checkpoint.parse(text), timed.time()), timed.bytes());
    } catch (MalformedNote e) {
      return false;
    }
  }

  /// What is signed for a whole tree: label, signer, time, origin, start 0, end, root.
  static byte[] message(String signer, Checkpoint checkpoint, long time) {
    var message = new ByteArrayOutputStream();
    message.writeBytes(LABEL);
    writeName(message, signer);
    writeLong(message, time);
    writeName(message, checkpoint.origin());
    writeLong(message, 0);
    writeLong(message, checkpoint.size());
    message.writeBytes(checkpoint.root().bytes());
    return message.toByteArray();
  }

  private static void writeName(ByteArrayOutputStream message, String name) {
    var bytes = KeyNames.check(name).getBytes(StandardCharsets.UTF_8);
    message.write(bytes.length);
    message.writeBytes(bytes);
  }

  private static void writeLong(ByteArrayOutputStream message, long value) {
    message.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  @Override
  public String toString() {
    return vkey();
  }
}
