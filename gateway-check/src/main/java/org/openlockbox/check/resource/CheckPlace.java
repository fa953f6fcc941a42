package org.openlockbox.check.resource;

import org.openlockbox.check.catalogue.CheckSpec;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.gateway.resource.ServiceProtection;

/// A resource whose service enforces our answers itself. It is *checked*: nothing of what runs
/// there can be seen, masked or cut from here.
///
/// @param spec what the catalogue says of it
public record CheckPlace(CheckSpec spec, LogMemory memory) implements ServiceProtection {
  @Override
  public Assurance assurance() {
    return Assurance.CHECKED;
  }

  /// There is nothing of it that a gateway could look at.
  @Override
  public ProtectionState state() {
    return new ProtectionState.Intact();
  }

  @Override
  public boolean holds() {
    return true;
  }
}
