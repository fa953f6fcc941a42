package org.openlockbox.client.resource;

import org.openlockbox.gateway.application.ApplicationSpec;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.gateway.resource.ServiceProtection;

/// The data of the application that this gateway is part of. It is *gated*: the application shows
/// nothing that was not released here. That it does so rests on the application.
///
/// @param spec what the catalogue says of it
public record ApplicationPlace(ApplicationSpec spec, LogMemory memory)
    implements ServiceProtection {
  /// The application itself is what refuses; there is nothing else to look at.
  @Override
  public ProtectionState state() {
    return new ProtectionState.Intact();
  }

  @Override
  public boolean holds() {
    return true;
  }
}
