package org.openlockbox.demo.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// Directory trees.
public final class DirectoryTrees {
  private DirectoryTrees() {}

  /// Removes a directory and all below it; nothing happens if it is not there. Links are removed,
  /// not followed.
  public static void delete(Path top) throws IOException {
    if (!Files.exists(top)) {
      return;
    }
    try (var all = Files.walk(top)) {
      all.sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
