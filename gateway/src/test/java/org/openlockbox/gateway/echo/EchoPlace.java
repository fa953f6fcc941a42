package org.openlockbox.gateway.echo;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.gateway.resource.ProtectedResource;
import org.openlockbox.gateway.resource.Protection;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.gateway.testing.LogMemoryHere;
import org.openlockbox.tlog.tree.Hash;

/// The one place where an [EchoService] lies, for one tenant.
final class EchoPlace implements ProtectedResource, Protection {
  private final TenantId tenant;
  private final LogMemoryHere memory = new LogMemoryHere();
  private volatile ProtectionState state = new ProtectionState.Intact();

  EchoPlace(TenantId tenant) {
    this.tenant = tenant;
  }

  void is(ProtectionState now) {
    state = now;
  }

  @Override
  public ResourceId id() {
    return TenantFixture.HELPDESK;
  }

  @Override
  public Optional<EchoPlace> of(TenantId who) {
    return Optional.of(this).filter(_ -> who.equals(tenant));
  }

  @Override
  public Collection<EchoPlace> places() {
    return List.of(this);
  }

  /// An exchange of lines is recorded as one of HTTP: the log knows no protocol for echoes.
  @Override
  public Protocol protocol() {
    return Protocol.HTTP;
  }

  @Override
  public Hash catalogue() {
    return Bytes.ofUtf8("echoes").sha256();
  }

  @Override
  public Set<Level> levels() {
    return Set.of(Level.READ);
  }

  @Override
  public boolean needsReview() {
    return false;
  }

  @Override
  public String place() {
    return "echo";
  }

  @Override
  public String placeInWords() {
    return "the service echo";
  }

  @Override
  public ProtectionState state() {
    return state;
  }

  @Override
  public boolean holds() {
    return state instanceof ProtectionState.Intact;
  }

  @Override
  public LogMemoryHere memory() {
    return memory;
  }
}
