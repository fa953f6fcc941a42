package org.openlockbox.core.scram;

import org.openlockbox.core.canonical.Bytes;

/// What a client proves that it knows: a password, or without one the keys that SCRAM would derive
/// from it.
public sealed interface ScramSecret permits ScramKeys, ScramPassword {
  /// The keys for what the server asks.
  ScramKeys keys(Bytes salt, int iterations);
}
