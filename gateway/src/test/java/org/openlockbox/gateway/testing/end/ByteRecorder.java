package org.openlockbox.gateway.testing.end;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Counts the bytes that arrive at clients, as they are on the wire, on one thread, which reads
/// them fast or slowly. What a client's own system has received counts as received, whether or not
/// it is read.
public final class ByteRecorder implements Closeable {
  private static final long PAUSE_NANOS = 2_000_000L;
  private static final Path TABLE = Path.of("/proc/net/tcp");
  private static final Path TABLE6 = Path.of("/proc/net/tcp6");

  /// One client.
  public static final class Track {
    private final SocketChannel channel;
    private final String ends;
    private volatile int slow;
    private volatile boolean gone;
    private final AtomicLong read = new AtomicLong();
    private OptionalLong received = OptionalLong.empty();

    /// @param slow how many bytes it reads each two milliseconds; 0 for all there are
    public Track(SocketChannel channel, int slow) throws IOException {
      this.channel = channel;
      this.ends = ends(port(channel.getLocalAddress()), port(channel.getRemoteAddress()));
      this.slow = slow;
      channel.configureBlocking(false);
    }

    public long received() {
      return read.get();
    }

    public boolean isGone() {
      return gone;
    }

    /// From now on it reads all there is.
    public void hurry() {
      slow = 0;
    }
  }

  private final List<Track> tracks = new ArrayList<>();
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
  private volatile boolean closed;
  private final Thread thread = Thread.ofPlatform().name("recorder").daemon().unstarted(this::run);

  public ByteRecorder start() {
    thread.start();
    return this;
  }

  public void add(Track track) {
    tasks.add(() -> tracks.add(track));
  }

  /// Remembers how much each has received by now.
  public void mark(List<Track> some) {
    onThread(
        () -> {
          Map<String, Long> waiting = waiting();
          for (Track each : some) {
            Long held = waiting.get(each.ends);
            each.received =
                each.gone || held == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(each.received() + held);
          }
        });
  }

  /// How much has been received since the mark. Whose connection was over then received nothing.
  public List<Long> since(List<Track> some) {
    List<Long> late = new ArrayList<>();
    onThread(
        () -> {
          for (Track each : some) {
            late.add(each.received.isEmpty() ? 0 : each.received() - each.received.getAsLong());
          }
        });
    return late;
  }

  private void onThread(Runnable task) {
    var done = new CompletableFuture<Void>();
    tasks.add(
        () -> {
          try {
            task.run();
            done.complete(null);
          } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
          }
        });
    done.join();
  }

  private void run() {
    while (!closed) {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
      boolean some = false;
      for (Track each : tracks) {
        some |= read(each);
      }
      tracks.removeIf(Track::isGone);
      if (!some) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /// Whether there may be more.
  private boolean read(Track track) {
    int most = track.slow;
    buffer.clear().limit(most == 0 ? buffer.capacity() : most);
    try {
      int count = track.channel.read(buffer);
      if (count < 0) {
        leave(track);
        return false;
      }
      track.read.addAndGet(count);
      return most == 0 && count == buffer.capacity();
    } catch (IOException e) {
      leave(track);
      return false;
    }
  }

  private static void leave(Track track) {
    track.gone = true;
    try {
      track.channel.close();
    } catch (IOException e) {
      // gone
    }
  }

  private static int port(SocketAddress address) {
    return ((InetSocketAddress) address).getPort();
  }

  private static int port(String shown) {
    return HexFormat.fromHexDigits(shown.substring(shown.indexOf(':') + 1));
  }

  /// A port of one's own alone may stand for several connections.
  private static String ends(int here, int there) {
    return here + ">" + there;
  }

  /// What waits to be read, by the two ports of the connection.
  private static Map<String, Long> waiting() {
    Map<String, Long> waiting = new HashMap<>();
    try {
      for (Path table : List.of(TABLE, TABLE6)) {
        for (String line : Files.readAllLines(table)) {
          String[] columns = line.strip().split(" +", -1);
          if (columns[0].endsWith(":")) {
            String queue = columns[4].substring(columns[4].indexOf(':') + 1);
            waiting.put(
                ends(port(columns[1]), port(columns[2])), HexFormat.fromHexDigitsToLong(queue));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return waiting;
  }

  @Override
  public void close() {
    closed = true;
  }
}
