package org.openlockbox.core.signing;

import java.util.Collections;
import java.util.Map;
import org.openlockbox.core.cache.RecentlyUsed;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.tlog.tree.Hash;

/// Signatures that were checked lately and hold. Each login and each opening checks again what did
/// not change since the last one: the keyring, the request, the approval, the gateway's
/// certificate.
///
/// An answer from here is the one that the mathematics gave, because it hangs on nothing else than
/// what is compared: the whole key, the SHA-256 of the signed bytes, and the whole signature. What
/// does not hold is not kept, so that nobody's rubbish displaces anything.
///
/// All of them take a megabyte or two; 25 if each were as long as a signature may be.
final class TrueSignatures {
  private static final int MOST = 2048;

  /// Of the whole process: what holds, holds for everybody.
  static final TrueSignatures SHARED = new TrueSignatures();

  private record TrueSignature(VerifyingKey key, Hash signed, Signature signature) {}

  private final Map<TrueSignature, Boolean> recent =
      Collections.synchronizedMap(new RecentlyUsed<>(MOST));

  /// Why it does not hold, or an empty text: [SignatureCheck#fault] where it is not known yet.
  String fault(VerifyingKey key, Bytes signed, Signature signature) {
    var asked = new TrueSignature(key, signed.sha256(), signature);
    if (recent.get(asked) != null) {
      return "";
    }
    String fault = SignatureCheck.fault(key, signed, signature);
    if (fault.isEmpty()) {
      recent.put(asked, true);
    }
    return fault;
  }
}
