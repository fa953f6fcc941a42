package org.openlockbox.check.resource;

import java.util.Set;
import org.openlockbox.check.catalogue.CheckSpec;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.resource.Protection;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.tlog.tree.Hash;

/// A resource whose service enforces our answers itself. It is *checked*: nothing of what runs
/// there can be seen, masked or cut from here.
///
/// @param spec what the catalogue says of it
public record CheckPlace(CheckSpec spec, LogMemory memory) implements Protection {
  @Override
  public ResourceId id() {
    return spec.id();
  }

  @Override
  public Protocol protocol() {
    return Protocol.HTTP;
  }

  @Override
  public Assurance assurance() {
    return Assurance.CHECKED;
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
