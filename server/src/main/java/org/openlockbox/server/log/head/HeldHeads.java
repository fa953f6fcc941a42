package org.openlockbox.server.log.head;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/// What a server remembers of what it signed, read while no server can start over the same
/// directory. Changes nothing there, so whose the files are does not matter.
public final class HeldHeads implements AutoCloseable {
  private final Map<String, SignedHeads.TreeHead> heads;
  private final FileChannel lock;

  private HeldHeads(Map<String, SignedHeads.TreeHead> heads, FileChannel lock) {
    this.heads = Map.copyOf(heads);
    this.lock = lock;
  }

  /// Throws [SignedHeadsFile.HeadsInUse] if a server has the directory.
  public static HeldHeads of(Path directory) throws IOException {
    var lock =
        FileChannel.open(
            directory.resolve(SignedHeadsFile.LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    SignedHeadsFile.lock(directory, lock);
    return new HeldHeads(SignedHeadsFile.read(directory.resolve(SignedHeadsFile.HEADS)), lock);
  }

  /// What was signed last, by the log's origin.
  public Map<String, SignedHeads.TreeHead> heads() {
    return heads;
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot leave the signed heads", e);
    }
  }
}
