package org.openlockbox.gateway.session;

import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;

/// A client that was let in and makes single calls. It keeps no connection of its session's own.
///
/// @param <T> the protocol's half of its session
public final class CallingClient<T extends CallTraffic> implements Client {
  private final InetAddress address;
  private final String application;
  private final Function<SessionParts, T> maker;
  private final AtomicReference<@Nullable T> traffic = new AtomicReference<>();

  /// @param application what it calls itself
  /// @param maker makes the traffic of its session
  public CallingClient(InetAddress address, String application, Function<SessionParts, T> maker) {
    this.address = address;
    this.application = application;
    this.maker = maker;
  }

  /// What became of its session.
  public sealed interface SessionOpenResult<T> {}

  /// It is open.
  public record SessionOpened<T>(T traffic) implements SessionOpenResult<T> {}

  /// It was not begun.
  public record SessionNotBegun<T>(Deny why) implements SessionOpenResult<T> {}

  /// It ended before its first call.
  public record SessionEndedAtOnce<T>(ClientNotice why) implements SessionOpenResult<T> {
    /// The same as a denial.
    public Deny denial() {
      return new Deny(Deny.DenyReason.CANNOT_CHECK, why.message(), why.hint());
    }
  }

  /// Opens the session, on the calling thread.
  public SessionOpenResult<T> open(LiveSessions sessions, Permit permit) {
    Optional<Deny> noRoom = sessions.open(permit, this);
    if (noRoom.isPresent()) {
      return new SessionNotBegun<>(noRoom.get());
    }
    T made = traffic.get();
    if (made == null) {
      throw new IllegalStateException("a session was begun without traffic");
    }
    return made.isOpen()
        ? new SessionOpened<>(made)
        : new SessionEndedAtOnce<>(made.words().orElseGet(EndReason.NOT_OPENED::words));
  }

  @Override
  public InetAddress address() {
    return address;
  }

  @Override
  public String application() {
    return application;
  }

  @Override
  public void wake() {
    T made = traffic.get();
    if (made != null) {
      made.wake();
    }
  }

  @Override
  public T traffic(SessionParts parts) {
    T made = maker.apply(parts);
    traffic.set(made);
    return made;
  }
}
