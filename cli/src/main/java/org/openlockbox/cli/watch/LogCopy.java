package org.openlockbox.cli.watch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.Bytes;

/// The customer's own copy of a tenant's log: every entry as a line of `entries.jsonl`, and the
/// last checkpoint that they agreed with. Entries are on the disk before the checkpoint that covers
/// them; what a crash left beyond the checkpoint is dropped and read again.
public final class LogCopy {
  private final Path directory;
  private final Path entries;
  private final Path checkpoint;

  public LogCopy(Path directory) {
    this.directory = directory;
    this.entries = directory.resolve("entries.jsonl");
    this.checkpoint = directory.resolve("checkpoint");
  }

  /// The first `size` entries, in log order, or as many as there are; the file then ends there.
  public List<Bytes> entries(long size) {
    try {
      Files.createDirectories(directory);
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
  public Optional<String> checkpoint() {
    try {
      return Files.exists(checkpoint)
          ? Optional.of(Files.readString(checkpoint))
          : Optional.empty();
    } catch (IOException unreadable) {
      throw failed(unreadable);
    }
  }

  /// Adds entries, and the checkpoint that covers them all.
  public void append(List<Bytes> more, String note) {
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
      keep(checkpoint, note);
    } catch (IOException unwritable) {
      throw failed(unwritable);
    }
  }

  /// Keeps a checkpoint that contradicts the copy: the evidence of a fork. Returns where.
  public Path keepContradiction(String note) {
    Path file = directory.resolve("contradiction-" + Bytes.ofUtf8(note).sha256().hex());
    try {
      keep(file, note);
      return file;
    } catch (IOException unwritable) {
      throw failed(unwritable);
    }
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
  }

  private static void write(FileChannel file, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
    file.force(true);
  }

  private Failure failed(IOException why) {
    return new Failure(
        ExitCode.INCOMPLETE,
        "the copy of the log in " + directory + " cannot be used: " + why.getMessage(),
        "");
  }
}
