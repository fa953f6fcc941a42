package org.openlockbox.server.log;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.tlog.CompactRange;
import org.openlockbox.tlog.Hash;

/// The size and root that was signed last of each log, kept where a restore of the database does
/// not reach. Never goes back.
public interface SignedHeads {
  /// What was signed of a log.
  record Head(long size, Hash root) {
    static Head of(CompactRange range) {
      return new Head(range.size(), range.root());
    }
  }

  Optional<Head> last(String origin);

  /// The logs of which something is known.
  Set<String> origins();

  /// Remembers that these heads are signed, except where a larger one is known already; durable on
  /// return. Throws [IllegalStateException], and changes nothing, if another root of the same size
  /// was signed before.
  void advance(Map<String, Head> signed);

  /// Forgets what was signed of a log beyond this head. Only a recorded recovery may do that.
  void recover(String origin, Head from, Head to);
}
