package org.openlockbox.core.keyring;

import java.util.List;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.tlog.SigningKeys;

/// Signs a [LogKeysChange]. Only who keeps a log needs it.
public final class LogKeysHandover {
  private LogKeysHandover() {}

  /// The envelope with its four signatures: by the old pair, which hands over, and by the new one,
  /// which shows that somebody has it.
  public static Envelope signed(LogKeysChange change, SigningKeys old, SigningKeys next) {
    var envelope = Envelope.unsigned(LogKeysChange.PAYLOAD_TYPE, change.toJson());
    for (var pair : List.of(old, next)) {
      var keys = pair.logVerifier(change.origin().value()).keys();
      for (int i = 0; i < keys.size(); i++) {
        var sig = pair.messageSigners().get(i).sign(envelope.pae().toArray());
        var by = keys.get(i);
        envelope =
            envelope.with(
                new Signature.OverPae(Genesis.keyId(by), LogKeysChange.scheme(by), Bytes.of(sig)));
      }
    }
    return envelope;
  }
}
