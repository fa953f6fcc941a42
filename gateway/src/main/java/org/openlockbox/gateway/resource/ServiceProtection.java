package org.openlockbox.gateway.resource;

import java.util.Set;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.tlog.tree.Hash;

/// The protection of a service as a whole. It is one place, named as the resource is, and what it
/// does is recorded as HTTP requests are.
public interface ServiceProtection extends Protection {
  /// What the catalogue says of it.
  ServiceSpec spec();

  @Override
  default ResourceId id() {
    return spec().id();
  }

  @Override
  default Protocol protocol() {
    return Protocol.HTTP;
  }

  @Override
  default Hash catalogue() {
    return spec().digest();
  }

  @Override
  default Set<Level> levels() {
    return spec().levels();
  }

  @Override
  default boolean needsReview() {
    return spec().needsReview();
  }

  @Override
  default String place() {
    return id().value();
  }

  @Override
  default String placeInWords() {
    return "the resource " + id();
  }
}
