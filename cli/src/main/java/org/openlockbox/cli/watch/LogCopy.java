package org.openlockbox.cli.watch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.Bytes;

/// The customer's own copy of a tenant's log: every entry as a line of `entries.jsonl`, the last
/// checkpoint that they agreed with, and what else the reader must not forget. Entries are on the
/// disk before the checkpoint that covers them; what a crash left beyond the checkpoint is dropped
/// and read again. One process at a time has it: two would each write what the other has written.
public final class LogCopy implements AutoCloseable {
  private static final String CHECKPOINT = "checkpoint";

  private final Path directory;
  private final Path entries;
  private final FileChannel lock;

  private LogCopy(Path directory, FileChannel lock) {
    this.directory = directory;
    this.entries = directory.resolve("entries.jsonl");
    this.lock = lock;
  }

  /// Makes the directory if need be; throws a [Failure] if another process has it.
  public static LogCopy open(Path directory) {
    try {
      Files.createDirectories(directory);
      FileChannel lock =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLocked(lock)) {
        lock.close();
        throw new Failure(
            ExitCode.INCOMPLETE,
            "another lockbox watch is at work on the copy of the log in " + directory,
            "wait until it is over, or give this one a copy of its own with --copy DIR");
      }
      return new LogCopy(directory, lock);
    } catch (IOException unusable) {
      throw failed(directory, unusable);
    }
  }

  /// The lock goes with the channel.
  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException held) {
      return false;
    }
  }

  /// The first `size` entries, in log order, or as many as there are; the file then ends there.
  List<Bytes> entries(long size) {
    try {
      if (!Files.exists(entries)) {
        return List.of();
      }
      Bytes all = Bytes.of(Files.readAllBytes(entries));
      List<Bytes> lines = new ArrayList<>();
      int start = 0;
      for (int at = 0; at < all.size() && lines.size() < size; at++) {
        if (all.at(at) == '\n') {
          lines.add(all.slice(start, at));
          start = at + 1;
        }
      }
      if (start < all.size()) {
        try (FileChannel file = FileChannel.open(entries, StandardOpenOption.WRITE)) {
          file.truncate(start);
          file.force(true);
        }
      }
      return lines;
    } catch (IOException unreadable) {
      throw failed(unreadable);
    }
  }

  /// The last checkpoint that the entries agreed with.
  Optional<String> checkpoint() {
    return kept(CHECKPOINT);
  }

  /// Adds entries, and the checkpoint that covers them all.
  void append(List<Bytes> more, String note) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (Bytes entry : more) {
      lines.writeBytes(entry.toArray());
      lines.write('\n');
    }
    try {
      try (FileChannel file =
          FileChannel.open(entries, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        write(file, lines.toByteArray());
      }
      keep(directory.resolve(CHECKPOINT), note);
    } catch (IOException unwritable) {
      throw failed(unwritable);
    }
  }

  /// What was kept under this name.
  Optional<String> kept(String name) {
    try {
      Path file = directory.resolve(name);
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException unreadable) {
      throw failed(unreadable);
    }
  }

  /// Keeps a text under this name instead of the one before, all of it or nothing.
  void keep(String name, String text) {
    try {
      keep(directory.resolve(name), text);
    } catch (IOException unwritable) {
      throw failed(unwritable);
    }
  }

  void forget(String name) {
    try {
      Files.deleteIfExists(directory.resolve(name));
    } catch (IOException unwritable) {
      throw failed(unwritable);
    }
  }

  /// Keeps what contradicts the copy: the evidence of a fork. Returns where.
  Path keepContradiction(String signed) {
    String name = "contradiction-" + Bytes.ofUtf8(signed).sha256().hex();
    keep(name, signed);
    return directory.resolve(name);
  }

  private static void keep(Path file, String text) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".part");
    try (FileChannel channel =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      write(channel, text.getBytes(StandardCharsets.UTF_8));
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel parent =
        FileChannel.open(
            Objects.requireNonNull(file.toAbsolutePath().getParent()), StandardOpenOption.READ)) {
      parent.force(true);
    }
  }

  private static void write(FileChannel file, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
    file.force(true);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException unusable) {
      throw failed(unusable);
    }
  }

  private Failure failed(IOException why) {
    return failed(directory, why);
  }

  private static Failure failed(Path directory, IOException why) {
    return new Failure(
        ExitCode.INCOMPLETE,
        "the copy of the log in " + directory + " cannot be used: " + why.getMessage(),
        "");
  }
}
