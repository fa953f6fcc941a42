package org.openlockbox.server.log.head;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.openlockbox.tlog.tree.Hash;

/// Signed heads in a directory of one server: a file `heads` to which each batch of lines `<origin>
/// <size> <root>` is appended with one force to the disk, the last line of a log being the one that
/// holds. A line that a crash cut off was acknowledged to nobody. Written anew at each start, and
/// when most of it is out of date.
///
/// Behind the lines stand zero bytes: room that the disk has given already, so that what was signed
/// in a transaction is remembered after its commit also on a disk that is full since.
public final class SignedHeadsFile implements SignedHeads, AutoCloseable {
  /// Bytes that are worth keeping although newer lines say more.
  private static final long SMALL = 64L << 20;

  static final String HEADS = "heads";
  static final String LOCK = "lock";
  private static final String FRESH = "heads.new";
  private static final int ROOM = 64 << 10;

  /// Bytes for what may be signed at the same time.
  private static final int LEAST_ROOM = 32 << 10;

  private final Path directory;
  private final ConcurrentHashMap<String, TreeHead> heads;
  private final FileChannel lockFile;
  private final FileLock lock;
  private FileChannel file;
  private long compact;

  /// Where the next line goes.
  private long end;

  /// Up to where the file has its room on the disk.
  private long roomTo;

  private volatile long room;

  /// Whether the file may hold something else than what is remembered, as half a line. Then it is
  /// written anew before anything else.
  private boolean isTorn;

  private SignedHeadsFile(
      Path directory,
      Map<String, TreeHead> heads,
      FileChannel lockFile,
      FileLock lock,
      FileChannel file)
      throws IOException {
    this.directory = directory;
    this.heads = new ConcurrentHashMap<>(heads);
    this.end = file.size();
    this.compact = end;
    this.lockFile = lockFile;
    this.lock = lock;
    this.file = file;
  }

  /// Throws [IllegalStateException] if another server has the directory, if it cannot be written,
  /// or if the file cannot be understood: what was signed must not be forgotten by accident.
  public static SignedHeadsFile open(Path directory) {
    try {
      Files.createDirectories(directory);
      var lockFile =
          FileChannel.open(
              directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      var lock = lock(directory, lockFile);
      var heads = read(directory.resolve(HEADS));
      return new SignedHeadsFile(directory, heads, lockFile, lock, compacted(directory, heads));
    } catch (IOException e) {
      throw new IllegalStateException(
          """
          %s. Here the server remembers what it signed. Name a directory that it may write: state: \
          /var/lib/lockbox in its configuration (systemd: StateDirectory=lockbox)\
          """
              .formatted(new HeadsNotWritable(directory, e).getMessage()),
          e);
    }
  }

  /// A server runs that keeps its signed heads there.
  public static final class HeadsInUse extends IllegalStateException {
    private static final long serialVersionUID = 1;

    private HeadsInUse(String message) {
      super(message);
    }
  }

  static FileLock lock(Path directory, FileChannel lockFile) throws IOException {
    FileLock lock;
    try {
      lock = lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      lockFile.close();
      throw new HeadsInUse(
          "another server keeps its signed heads in %s: give each server a directory of its own"
              .formatted(directory));
    }
    return lock;
  }

  static Map<String, TreeHead> read(Path file) throws IOException {
    var heads = new HashMap<String, TreeHead>();
    if (!Files.exists(file)) {
      return heads;
    }
    for (var line : kept(Files.readString(file)).lines().toList()) {
      var parts = line.split(" ", -1);
      try {
        heads.put(parts[0], new TreeHead(Long.parseLong(parts[1]), Hash.ofBase64(parts[2])));
      } catch (RuntimeException e) {
        throw new IllegalStateException(file + " is damaged at: " + line, e);
      }
    }
    return heads;
  }

  /// Whole lines up to the first zero byte. Each force to the disk comprises all that was written
  /// before; so what stands behind a block that a power failure took was acknowledged to nobody.
  private static String kept(String text) {
    int zero = text.indexOf('\0');
    var written = zero < 0 ? text : text.substring(0, zero);
    return written.substring(0, written.lastIndexOf('\n') + 1);
  }

  private static FileChannel compacted(Path directory, Map<String, TreeHead> heads)
      throws IOException {
    var channel = fresh(directory, heads);
    takeThePlace(directory);
    return channel;
  }

  private static FileChannel fresh(Path directory, Map<String, TreeHead> heads) throws IOException {
    var channel =
        FileChannel.open(
            directory.resolve(FRESH),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    try {
      write(channel, lines(heads), 0);
    } catch (IOException e) {
      channel.close();
      Files.deleteIfExists(directory.resolve(FRESH));
      throw e;
    }
    return channel;
  }

  private static void takeThePlace(Path directory) throws IOException {
    Files.move(directory.resolve(FRESH), directory.resolve(HEADS), StandardCopyOption.ATOMIC_MOVE);
    uninterrupted(
        () -> {
          try (var parent = FileChannel.open(directory, StandardOpenOption.READ)) {
            parent.force(true);
          }
        });
  }

  private static ByteBuffer lines(Map<String, TreeHead> heads) {
    var text = new StringBuilder();
    heads.forEach(
        (origin, head) ->
            text.append(origin)
                .append(' ')
                .append(head.size())
                .append(' ')
                .append(head.root().base64())
                .append('\n'));
    return ByteBuffer.wrap(text.toString().getBytes(UTF_8));
  }

  private static void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes, at + bytes.position());
    }
    channel.force(false);
  }

  @Override
  public Optional<TreeHead> last(String origin) {
    return Optional.ofNullable(heads.get(origin));
  }

  @Override
  public Set<String> origins() {
    return Set.copyOf(heads.keySet());
  }

  @Override
  public synchronized void advance(Map<String, TreeHead> signed) {
    var news = new HashMap<String, TreeHead>();
    signed.forEach(
        (origin, head) -> {
          var known = heads.get(origin);
          if (known != null && known.size() == head.size() && !known.root().equals(head.root())) {
            throw new IllegalStateException(
                "another root of %s with %d entries was signed".formatted(origin, head.size()));
          }
          if (known == null || known.size() < head.size()) {
            news.put(origin, head);
          }
        });
    keep(news);
  }

  @Override
  public synchronized void recover(String origin, TreeHead from, TreeHead to) {
    if (!last(origin).equals(Optional.of(from))) {
      throw new IllegalStateException("something else was signed last of " + origin);
    }
    keep(Map.of(origin, to));
  }

  @Override
  public void makeRoom() {
    if (room < LEAST_ROOM) {
      makeMoreRoom();
    }
  }

  private synchronized void makeMoreRoom() {
    writing(
        () -> {
          if (roomTo - end < LEAST_ROOM) {
            write(file, ByteBuffer.allocate(ROOM), end);
            roomTo = end + ROOM;
          }
          room = roomTo - end;
        });
  }

  private interface HeadWriter {
    void run() throws IOException;
  }

  private void writing(HeadWriter writing) {
    try {
      uninterrupted(
          () -> {
            makeWhole();
            writing.run();
          });
    } catch (IOException e) {
      if (!file.isOpen()) {
        isTorn = true;
        room = 0;
      }
      throw new HeadsNotWritable(directory, e);
    }
  }

  /// Once this is closed, the directory may be another server's.
  private void makeWhole() throws IOException {
    if (!lock.isValid()) {
      throw new ClosedChannelException();
    }
    if (isTorn) {
      takeOver(fresh(directory, heads));
    } else if (!file.isOpen()) {
      file = FileChannel.open(place(), StandardOpenOption.WRITE);
    }
  }

  /// An interrupt, as at a stop, closes the channel that its thread writes to. Then the same is
  /// done again, through a new one; the thread stays interrupted.
  private static void uninterrupted(HeadWriter writing) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      boolean done = false;
      while (!done) {
        try {
          writing.run();
          done = true;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Path place() {
    return directory.resolve(HEADS);
  }

  private void keep(Map<String, TreeHead> news) {
    if (news.isEmpty()) {
      return;
    }
    writing(() -> append(news));
    heads.putAll(news);
    room = roomTo - end;
    if (end > SMALL + 4 * compact) {
      writeAnew();
    }
  }

  /// What is remembered stays so if there is no room for the new file; then it is tried later.
  private void writeAnew() {
    FileChannel fresh;
    try {
      fresh = fresh(directory, heads);
    } catch (IOException full) {
      compact = end;
      return;
    }
    try {
      takeOver(fresh);
    } catch (IOException e) {
      throw new HeadsNotWritable(directory, e);
    }
  }

  /// Goes on in a file that has all that is remembered. If this throws, it is unknown which of the
  /// two the directory has.
  private void takeOver(FileChannel fresh) throws IOException {
    isTorn = true;
    room = 0;
    try {
      file.close();
      takeThePlace(directory);
      end = fresh.size();
    } catch (IOException e) {
      fresh.close();
      throw e;
    }
    file = fresh;
    roomTo = 0;
    compact = end;
    isTorn = false;
  }

  /// All of it or nothing, also on a disk that is full: what comes behind half a line would be read
  /// as the end of it. If nothing can be taken back, the file is written anew before anything else.
  private void append(Map<String, TreeHead> news) throws IOException {
    var lines = lines(news);
    int length = lines.remaining();
    try {
      write(file, lines, end);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      try {
        file.truncate(end);
        roomTo = end;
        room = 0;
      } catch (IOException stuck) {
        e.addSuppressed(stuck);
        file.close();
      }
      throw e;
    }
    end += length;
  }

  @Override
  public synchronized void close() {
    try {
      file.close();
      lock.release();
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot leave the signed heads", e);
    }
  }
}
