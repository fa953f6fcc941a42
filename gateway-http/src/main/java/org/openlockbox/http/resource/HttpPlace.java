package org.openlockbox.http.resource;

import java.util.Set;
import java.util.function.Supplier;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.resource.Protection;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.http.catalogue.HttpSpec;
import org.openlockbox.tlog.tree.Hash;

/// An HTTP resource, for the tenants whose upstream it knows.
///
/// @param spec what the catalogue says of it
/// @param looks whether the upstream refuses by itself what was not granted, as seen last
public record HttpPlace(HttpSpec spec, Supplier<ProtectionState> looks, LogMemory memory)
    implements Protection {
  @Override
  public ResourceId id() {
    return spec.id();
  }

  @Override
  public Protocol protocol() {
    return Protocol.HTTP;
  }

  @Override
  public Hash catalogue() {
    return spec.digest();
  }

  @Override
  public Set<Level> levels() {
    return spec.levels();
  }

  @Override
  public boolean needsReview() {
    return spec.needsReview();
  }

  @Override
  public String place() {
    return spec.id().value();
  }

  @Override
  public String placeInWords() {
    return "the resource " + spec.id();
  }

  @Override
  public ProtectionState state() {
    return looks.get();
  }

  /// A service that is away is not one that lets everybody in.
  @Override
  public boolean holds() {
    return switch (looks.get()) {
      case ProtectionState.Intact _, ProtectionState.Unreachable _ -> true;
      case ProtectionState.Broken _, ProtectionState.Suspended _ -> false;
    };
  }
}
