package org.openlockbox.gateway.resource;

import java.util.Set;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.tlog.tree.Hash;

/// What a catalogue says of a resource that is a service as a whole, such as an HTTP service.
public interface ServiceSpec {
  ResourceId id();

  /// SHA-256 over everything that the catalogue says about it.
  Hash digest();

  /// The levels that it offers.
  Set<Level> levels();

  /// Whether a second person of the provider must have reviewed the request.
  boolean needsReview();
}
