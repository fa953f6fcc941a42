package org.openlockbox.client.resource;

import java.util.Set;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.gateway.application.ApplicationSpec;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.resource.Protection;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.tlog.tree.Hash;

/// The data of the application that this gateway is part of. It is *gated*: the application shows
/// nothing that was not released here. That it does so rests on the application.
///
/// @param spec what the catalogue says of it
public record ApplicationPlace(ApplicationSpec spec, LogMemory memory) implements Protection {
  @Override
  public ResourceId id() {
    return spec.id();
  }

  /// The log knows no protocol for calls inside a program; an action is recorded as a request.
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
