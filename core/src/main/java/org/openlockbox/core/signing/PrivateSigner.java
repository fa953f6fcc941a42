package org.openlockbox.core.signing;

import org.openlockbox.core.canonical.Bytes;

/// Signs statements with a private key that it keeps to itself: a file, an agent, a device. What it
/// signs is always an envelope's PAE, which names the kind of the statement.
public interface PrivateSigner {
  VerifyingKey key();

  /// A signature that [SignatureCheck] accepts for [#key] over an envelope with this PAE.
  Signature sign(Bytes pae);
}
