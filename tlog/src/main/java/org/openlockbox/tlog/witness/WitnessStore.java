package org.openlockbox.tlog.witness;

import java.util.Optional;
import org.openlockbox.tlog.SignedNote;

/// What a witness remembers: for each log the last checkpoint it cosigned, and nothing else.
public interface WitnessStore {
  /// The last cosigned checkpoint of this log. Throws if there is one that cannot be read: a
  /// witness that forgot must not begin anew by itself.
  Optional<SignedNote> last(String origin);

  /// Replaces the last checkpoint, if that is still `expected`. After `true` the new one is durable
  /// and is what every later [#last] returns; after `false`, or an exception before the switch,
  /// nothing has changed.
  boolean replace(String origin, Optional<SignedNote> expected, SignedNote next);
}
