package org.openlockbox.check;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.gate.Clearance;

/// A caller's socket. A yes asks its clearances before each system call that sends, and after it:
/// what is not cleared or was late is reset. No answer is a no.
final class AnswerEndPoint extends SocketChannelEndPoint {
  private final SocketChannel channel;
  private final Scheduler scheduler;
  private Scheduler.@Nullable Task deadline;
  private volatile List<Clearance> clearances = List.of();

  AnswerEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
    super(channel, selector, key, scheduler);
    this.channel = channel;
    this.scheduler = scheduler;
  }

  /// The socket under what a call came by.
  static AnswerEndPoint under(EndPoint endPoint) {
    EndPoint each = endPoint;
    while (each instanceof EndPoint.Wrapper wrapper) {
      each = wrapper.unwrap();
    }
    if (each instanceof AnswerEndPoint answers) {
      return answers;
    }
    throw new IllegalStateException("a connection without clearances");
  }

  /// Until a caller has proven who it is, the connection is closed after this time.
  synchronized void closesWithin(Duration time) {
    deadline =
        scheduler.schedule(
            () -> close(new EofException("nobody has said who asks")),
            time.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /// A caller has proven who it is.
  synchronized void known() {
    Scheduler.Task waiting = deadline;
    if (waiting != null) {
      waiting.cancel();
      deadline = null;
    }
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    known();
  }

  /// From now on all of these have to be open.
  void requires(List<Clearance> all) {
    clearances = List.copyOf(all);
  }

  @Override
  public boolean flush(ByteBuffer... buffers) throws IOException {
    List<Clearance> all = clearances;
    if (!all.stream().allMatch(Clearance::isOpen)) {
      throw discarded();
    }
    boolean done = super.flush(buffers);
    if (all.stream().anyMatch(Clearance::isLate)) {
      throw discarded();
    }
    return done;
  }

  private EofException discarded() throws IOException {
    EofException why = new EofException("the answer is no longer good");
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    close(why);
    channel.close();
    return why;
  }
}
