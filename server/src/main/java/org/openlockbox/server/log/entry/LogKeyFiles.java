package org.openlockbox.server.log.entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.openlockbox.tlog.SigningKeys;

/// Where a server keeps its log keys: FILE, and while they are replaced the next pair beside it.
///
/// | file | meaning |
/// |---|---|
/// | `FILE` | the pair in use |
/// | `FILE.new` | the next pair: known here, not in use yet |
/// | `FILE.next` | the next pair, to which every log is handed over |
/// | `FILE.retired` | the pair before, which nobody reads any more |
///
/// Every step is one rename of a file that is on the disk. Killed between two steps, the next start
/// or the next command goes on.
public final class LogKeyFiles {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Path file;

  public LogKeyFiles(Path file) {
    this.file = file;
  }

  private Path beside(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  public Path prepared() {
    return beside(".new");
  }

  public Path next() {
    return beside(".next");
  }

  public Path retired() {
    return beside(".retired");
  }

  /// Whether logs are to be handed over to the next pair.
  public boolean isRotating() {
    return Files.exists(next());
  }

  /// Whether there is a next pair.
  public boolean hasNext() {
    return isRotating() || Files.exists(prepared());
  }

  /// The pairs that are here, the oldest first. A retirement that was broken off has left the next
  /// pair alone.
  List<SigningKeys> read() {
    var pairs = new ArrayList<SigningKeys>();
    if (Files.exists(file) || !Files.exists(retired()) || !hasNext()) {
      pairs.add(keys(file));
    }
    for (var other : List.of(prepared(), next())) {
      if (Files.exists(other)) {
        pairs.add(keys(other));
      }
    }
    return pairs;
  }

  /// What changes whenever one of the files does.
  List<String> state() {
    return Stream.of(file, prepared(), next()).map(LogKeyFiles::state).toList();
  }

  private static String state(Path file) {
    try {
      return Files.getLastModifiedTime(file) + " " + Files.size(file);
    } catch (IOException absent) {
      return "";
    }
  }

  private static SigningKeys keys(Path file) {
    try {
      if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
        throw new IllegalArgumentException("the log keys can be read by others: chmod 600 " + file);
      }
      return SigningKeys.parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the log keys " + file, e);
    }
  }

  /// Makes the next pair, unless there is one.
  ///
  /// @return whether it was made
  public boolean prepare(SecureRandom random) {
    if (hasNext()) {
      return false;
    }
    var made = beside(".making");
    try {
      Files.deleteIfExists(made);
      var owner = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
      var text = SigningKeys.generate(random).format().getBytes(StandardCharsets.US_ASCII);
      try (var channel =
          FileChannel.open(
              made, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)) {
        var left = ByteBuffer.wrap(text);
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the next log keys " + made, e);
    }
    move(made, prepared());
    return true;
  }

  /// Lets every log be handed over to the next pair.
  public void begin() {
    if (!isRotating()) {
      move(prepared(), next());
    }
  }

  /// Puts the next pair in the place of the one before, which is kept as `FILE.retired` for the
  /// operator to destroy. Every log has been handed over.
  public void retire() {
    var successor = isRotating() ? next() : prepared();
    if (!Files.exists(successor)) {
      throw new IllegalStateException("there is no next pair of log keys beside " + file);
    }
    if (Files.exists(file)) {
      move(file, retired());
    }
    move(successor, file);
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (var directory =
          FileChannel.open(
              Optional.ofNullable(to.toAbsolutePath().getParent()).orElseThrow(),
              StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot rename " + from + " to " + to, e);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
