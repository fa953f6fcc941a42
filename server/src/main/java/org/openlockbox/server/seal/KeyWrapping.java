package org.openlockbox.server.seal;

import org.openlockbox.core.canonical.Bytes;

/// Wraps data keys with a key that this product's database never holds: the seam for a key
/// management system. What was wrapped comes back only from the same wrapping key and the same
/// context, to the bit; everything else is [KeyUnavailable].
///
/// Called once for each data key that is made, read into memory or wrapped anew, never for a text.
public interface KeyWrapping {
  /// The name of the key that [#wrap] uses now. It says nothing about the key.
  String current();

  /// Whether [#unwrap] can use the key of this name.
  boolean holds(String name);

  /// Wraps with the current key.
  Bytes wrap(Bytes key, Bytes context);

  /// Throws [KeyUnavailable] if there is no such wrapping key here, or if it did not wrap this.
  Bytes unwrap(String name, Bytes wrapped, Bytes context);
}
