package org.openlockbox.http.exchange;

import java.io.InputStream;
import org.openlockbox.core.canonical.Bytes;

/// The body of a request that is forwarded.
sealed interface ForwardedBody {
  /// None, or one that is kept sealed beside the log.
  record KeptBody(Bytes bytes) implements ForwardedBody {}

  /// It is too long to be kept. It passes in parts, each of which is on record before.
  ///
  /// @param begun what has come of it
  /// @param length as the request declares it, or -1
  /// @param most how much of it passes
  record LongBody(Bytes begun, InputStream rest, long length, long most) implements ForwardedBody {}

  /// What is kept of it.
  default Bytes kept() {
    return switch (this) {
      case KeptBody(Bytes bytes) -> bytes;
      case LongBody _ -> Bytes.empty();
    };
  }
}
