package org.openlockbox.server.notify.push;

import com.zerodeplibs.webpush.MessageEncryptions;
import com.zerodeplibs.webpush.PushMessage;
import com.zerodeplibs.webpush.UserAgentMessageEncryptionKeyInfo;
import java.net.URI;
import java.util.List;
import org.openlockbox.core.canonical.Bytes;

/// Where a browser is reached, and the keys by which its messages are encrypted, so that the push
/// service on the way reads nothing (RFC 8291). No text of ours contains them.
public record PushTarget(URI endpoint, Bytes publicKey, Bytes secret) {
  private static final int POINT = 65;
  private static final int UNCOMPRESSED = 4;
  private static final int SECRET = 16;

  public PushTarget {
    if (publicKey.size() != POINT || publicKey.at(0) != UNCOMPRESSED) {
      throw new IllegalArgumentException("the key of a browser is an uncompressed point of P-256");
    }
    if (secret.size() != SECRET) {
      throw new IllegalArgumentException("the secret of a browser has 16 bytes");
    }
  }

  /// These words, for this browser alone. Throws if its key is no point of the curve.
  public Bytes encrypted(String words) {
    var keys = UserAgentMessageEncryptionKeyInfo.of(publicKey.toArray(), secret.toArray());
    return Bytes.of(MessageEncryptions.of().encrypt(keys, PushMessage.ofUTF8(words)).toBytes());
  }

  Bytes bytes() {
    return Bytes.ofUtf8(
        String.join("\n", endpoint.toString(), publicKey.base64Url(), secret.base64Url()));
  }

  static PushTarget of(Bytes bytes) {
    var lines = List.of(bytes.utf8().split("\n", -1));
    return new PushTarget(
        URI.create(lines.get(0)), Bytes.ofBase64Url(lines.get(1)), Bytes.ofBase64Url(lines.get(2)));
  }

  @Override
  public String toString() {
    return "PushTarget[" + endpoint.getHost() + "]";
  }
}
