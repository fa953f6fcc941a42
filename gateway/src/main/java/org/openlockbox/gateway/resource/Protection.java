package org.openlockbox.gateway.resource;

import java.util.Set;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.tlog.tree.Hash;

/// Where the data of one resource lies, for one tenant or for several that share the place, and
/// what makes that place itself refuse what was not granted. A protocol has one for each. Safe for
/// many threads.
public interface Protection {
  /// The resource that it is part of.
  ResourceId id();

  /// How it is reached.
  Protocol protocol();

  /// How much can be promised for it; approvers signed for this and nothing else.
  default Assurance assurance() {
    return Assurance.GATED;
  }

  /// SHA-256 over everything that the catalogue says about the resource; every session-open entry
  /// names it.
  Hash catalogue();

  /// The levels that it offers.
  Set<Level> levels();

  /// Whether a second person of the provider must have reviewed the request.
  boolean needsReview();

  /// Where a client must say that it wants to go: a database, a host.
  String place();

  /// [#place] in words, such as "the database app".
  String placeInWords();

  /// Whether it refuses by itself what was not granted, as of a few seconds ago. May ask it.
  ProtectionState state();

  /// Whether open sessions may go on, as was seen last. Asks nobody.
  boolean holds();

  /// What the gateways of this place remember of tenants' logs.
  LogMemory memory();
}
