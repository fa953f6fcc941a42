package org.openlockbox.http.socket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.gate.Gate;
import org.openlockbox.gateway.gate.SocketStates;
import org.openlockbox.gateway.login.LoginProgress;
import org.openlockbox.http.session.EngineerConnection;
import org.openlockbox.http.session.HttpTraffic;

/// A client's socket. Before each system call that sends, and after it, it asks the gate of the
/// session that it belongs to (docs/how-an-access-ends.md): a closed gate holds, a shut one resets.
/// The kernel never holds more than a small buffer for a client that is slow.
public final class GatedEndPoint extends SocketChannelEndPoint implements EngineerConnection {
  private static final int SEND_BUFFER = 64 * 1024;
  private static final long LOOK_MILLIS = 5;

  private final SocketChannel channel;
  private final Scheduler scheduler;
  private final SocketStates.Endpoints ends;
  private volatile @Nullable HttpTraffic owner;
  private volatile @Nullable LoginProgress login;
  private Scheduler.@Nullable Task deadline;

  GatedEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler)
      throws IOException {
    super(channel, selector, key, scheduler);
    this.channel = channel;
    this.scheduler = scheduler;
    this.ends =
        new SocketStates.Endpoints(
            (InetSocketAddress) channel.getLocalAddress(),
            (InetSocketAddress) channel.getRemoteAddress());
    channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
  }

  /// The socket under what a request came by.
  public static Optional<GatedEndPoint> under(EndPoint endPoint) {
    EndPoint each = endPoint;
    while (each instanceof EndPoint.Wrapper wrapper) {
      each = wrapper.unwrap();
    }
    return each instanceof GatedEndPoint gated ? Optional.of(gated) : Optional.empty();
  }

  /// Until it belongs to a session, it is closed after this time.
  synchronized void closesWithin(Duration time) {
    deadline = scheduler.schedule(this::reset, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Until it belongs to a session, it counts among the strangers.
  synchronized void strange(LoginProgress progress) {
    login = progress;
    if (!isOpen()) {
      known();
    }
  }

  private synchronized void known() {
    if (deadline != null) {
      deadline.cancel();
    }
    LoginProgress progress = login;
    if (progress != null) {
      login = null;
      progress.over();
    }
  }

  /// The client waits for an answer to its login.
  public void served() {
    LoginProgress progress = login;
    if (progress != null) {
      progress.served();
    }
  }

  /// It was answered. If it belongs to no session yet, it is for the client to speak.
  public void answered() {
    LoginProgress progress = login;
    if (progress != null) {
      progress.heard();
    }
  }

  /// From its first request on a connection is one session's; false if it is another's.
  public synchronized boolean belongsTo(HttpTraffic session) {
    if (owner == null) {
      owner = session;
      known();
    }
    return owner == session;
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    int read = super.fill(buffer);
    LoginProgress progress = login;
    if (read > 0 && progress != null) {
      progress.heard();
    }
    return read;
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    known();
  }

  @Override
  public boolean flush(ByteBuffer... buffers) throws IOException {
    HttpTraffic session = owner;
    if (session == null || !hasRemaining(buffers)) {
      return super.flush(buffers);
    }
    Gate.GatePassage out = session.parts().gate().out();
    if (!out.isOpen()) {
      if (session.parts().gate().isShut()) {
        throw ended();
      }
      return false;
    }
    boolean all = super.flush(buffers);
    if (out.isLate()) {
      throw ended();
    }
    return all;
  }

  private EofException ended() {
    EofException why = new EofException("the access has ended");
    reset();
    return why;
  }

  private static boolean hasRemaining(ByteBuffer... buffers) {
    for (ByteBuffer each : buffers) {
      if (each.hasRemaining()) {
        return true;
      }
    }
    return false;
  }

  /// A socket that could take more is not asked at once whether it can: it is the gate that holds.
  @Override
  protected void onIncompleteFlush() {
    HttpTraffic session = owner;
    if (session == null || session.parts().gate().out().isOpen()) {
      super.onIncompleteFlush();
    } else {
      scheduler.schedule(super::onIncompleteFlush, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public SocketStates.Endpoints ends() {
    return ends;
  }

  /// Without lingering, a close resets.
  @Override
  public void reset() {
    close(new EofException("the access has ended"));
    try {
      channel.close();
    } catch (IOException e) {
      // a socket that fails to close is closed
    }
  }
}
