package org.openlockbox.http.resource;

import java.util.function.Supplier;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.gateway.resource.ServiceProtection;
import org.openlockbox.http.catalogue.HttpSpec;

/// An HTTP resource, for the tenants whose upstream it knows.
///
/// @param spec what the catalogue says of it
/// @param looks whether the upstream refuses by itself what was not granted, as seen last
public record HttpPlace(HttpSpec spec, Supplier<ProtectionState> looks, LogMemory memory)
    implements ServiceProtection {
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
