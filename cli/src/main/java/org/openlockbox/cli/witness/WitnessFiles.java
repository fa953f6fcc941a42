package org.openlockbox.cli.witness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.witness.Witness;
import org.openlockbox.tlog.witness.WitnessStore;

/// A witness's memory in a directory: `<hex SHA-256 of the origin>.checkpoint` for each log. A new
/// one is written beside it, forced to the disk, renamed over it, and the directory is forced too:
/// a crash leaves the old one or the new one, whole. One process at a time: the directory is
/// locked.
public final class WitnessFiles implements WitnessStore, AutoCloseable {
  private final Path directory;
  private final FileChannel lockFile;
  private final FileLock lock;

  private WitnessFiles(Path directory, FileChannel lockFile, FileLock lock) {
    this.directory = directory;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /// Makes the directory if need be; throws [IllegalStateException] if another process has it.
  public static WitnessFiles open(Path directory) {
    try {
      Files.createDirectories(directory);
      var channel =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      var lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw new IllegalStateException("another witness runs over " + directory);
      }
      return new WitnessFiles(directory, channel, lock);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open " + directory, e);
    }
  }

  @Override
  public synchronized Optional<SignedNote> last(String origin) {
    try {
      return Optional.of(SignedNote.parse(Files.readAllBytes(file(origin))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read what was cosigned of " + origin, e);
    }
  }

  @Override
  public synchronized boolean replace(
      String origin, Optional<SignedNote> expected, SignedNote next) {
    if (!last(origin).equals(expected)) {
      return false;
    }
    var fresh = directory.resolve(Witness.name(origin) + ".new");
    try {
      write(fresh, next.format().getBytes(UTF_8));
      Files.move(fresh, file(origin), StandardCopyOption.ATOMIC_MOVE);
      force(directory);
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep what was cosigned of " + origin, e);
    }
  }

  private Path file(String origin) {
    return directory.resolve(Witness.name(origin) + ".checkpoint");
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    try (var channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      var buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  private static void force(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() {
    try {
      lock.release();
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot leave " + directory, e);
    }
  }
}
