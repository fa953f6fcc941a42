package org.openlockbox.client.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.client.memory.MemoryDocument.NotedHead;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.LogHead;
import org.openlockbox.gateway.resource.LogMemory;

/// What one process remembers of tenants' logs, in a directory of its own. It is on the disk before
/// anything rests on it: a new file takes the place of the old one. A crash leaves one of the two.
///
/// Whoever removes the file makes the process believe again whatever fits the pins.
public final class FileLogMemory implements LogMemory, AutoCloseable {
  private static final String FILE = "logs.json";
  private static final String FRESH = "logs.json.new";
  private static final String LOCK = "lock";
  private static final Duration OLD = Duration.ofMinutes(5);

  private final Path directory;
  private final FileChannel lockFile;
  private final InstantSource clock;
  private MemoryDocument remembered;

  private FileLogMemory(
      Path directory, FileChannel lockFile, MemoryDocument remembered, InstantSource clock) {
    this.directory = directory;
    this.lockFile = lockFile;
    this.remembered = remembered;
    this.clock = clock;
  }

  /// Opens the memory in this directory, which it makes if it is not there.
  ///
  /// @throws IOException if it cannot be written, if another process has it, or if what it holds
  ///   cannot be understood: what was seen must not be forgotten by accident
  public static FileLogMemory open(Path directory, InstantSource clock) throws IOException {
    Files.createDirectories(directory);
    FileChannel lockFile =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (lock(lockFile) == null) {
        throw new IOException(
            "another process has its memory in %s: give each a directory of its own"
                .formatted(directory));
      }
      var memory = new FileLogMemory(directory, lockFile, read(directory), clock);
      memory.write(memory.remembered);
      return memory;
    } catch (IOException e) {
      lockFile.close();
      throw e;
    }
  }

  private static @Nullable FileLock lock(FileChannel lockFile) throws IOException {
    try {
      return lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static MemoryDocument read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return MemoryDocument.NOTHING;
    }
    try {
      return MemoryDocument.parse(CanonicalJson.parse(Files.readAllBytes(file)));
    } catch (MalformedJson e) {
      throw new IOException(
          "%s cannot be understood: %s. Give back a copy of it".formatted(file, e.getMessage()), e);
    }
  }

  private void write(MemoryDocument now) throws IOException {
    Path fresh = directory.resolve(FRESH);
    try (FileChannel file =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(CanonicalJson.bytes(now.toJson()));
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
    }
    Files.move(
        fresh,
        directory.resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  private void remember(MemoryDocument now) {
    try {
      if (!lockFile.isOpen()) {
        throw new IOException("the memory was closed");
      }
      write(now);
      remembered = now;
    } catch (IOException e) {
      throw new Unavailable(directory + " cannot be written", e);
    }
  }

  @Override
  public synchronized RememberedLog of(TenantId tenant, RequestId request) {
    Optional<NotedHead> head = remembered.head(tenant);
    boolean isOld = head.filter(it -> !isOlderThan(it.noted(), OLD)).isEmpty();
    return new RememberedLog(head.map(NotedHead::head), remembered.hasEnded(request), isOld);
  }

  /// As exact as a document can say it.
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private boolean isOlderThan(Instant noted, Duration age) {
    return clock.instant().isAfter(noted.plus(age));
  }

  @Override
  public synchronized boolean note(TenantId tenant, Optional<LogHead> before, LogHead now) {
    if (!remembered.head(tenant).map(NotedHead::head).equals(before)) {
      return false;
    }
    remember(remembered.withHead(tenant, new NotedHead(now, now())));
    return true;
  }

  @Override
  public synchronized void noteEnd(TenantId tenant, RequestId request, Instant until) {
    if (!remembered.hasEnded(request)) {
      remember(remembered.withEnd(request, until, now()));
    }
  }

  @Override
  public synchronized void raise(TenantId tenant, RequestId request, String problem) {
    remember(
        remembered.withAlarm(new StoredAlarm(tenant, request, TextRules.visible(problem), now())));
  }

  @Override
  public synchronized void delivered(StoredAlarm alarm) {
    remember(remembered.without(alarm));
  }

  @Override
  public synchronized List<StoredAlarm> alarms() {
    return remembered.alarms();
  }

  /// Lets another process have the directory.
  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
