package org.openlockbox.node.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.openlockbox.node.process.NodeFailure.Code;

/// Only one node may run over a state directory. The operating system drops the lock when the
/// process ends, however it ends.
public final class RunLock implements AutoCloseable {
  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  public static RunLock take(Path directory) {
    try {
      Files.createDirectories(directory);
      Path file = directory.resolve("running");
      var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!held(channel)) {
        channel.close();
        throw new NodeFailure(
            Code.ALREADY_RUNNING,
            "a lockbox is running over "
                + directory
                + " already; stop it first (Ctrl-C in its terminal)");
      }
      return new RunLock(channel);
    } catch (IOException e) {
      throw new NodeFailure(
          Code.FAILURE,
          "cannot write to "
              + directory
              + ", which keeps a second copy from starting"
              + " (RUNTIME_DIRECTORY names another place): "
              + e,
          e);
    }
  }

  private static boolean held(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new NodeFailure(Code.FAILURE, "the run lock could not be released: " + e, e);
    }
  }
}
