package org.openlockbox.cli.profile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;

/// A file that only its owner may read: keys, profiles, passwords. Reading refuses what group or
/// others can touch, as ssh does; writing makes it mode 0600 from its first byte. A crash while a
/// file is made leaves a short one that no reader accepts, never a readable one.
public final class PrivateFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);
  private static final int LIMIT = 64 * 1024;

  private PrivateFile() {}

  /// The text of the file, if nobody else can read or change it.
  public static String read(Path file, String what) {
    requirePrivate(file, what);
    return readPublic(file, what);
  }

  /// Refuses a file that somebody else can read or change.
  public static void requirePrivate(Path file, String what) {
    try {
      if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
        throw new Failure(
            ExitCode.FAILURE,
            what + " " + file + " can be read or changed by other users, so it is not used",
            "chmod 600 " + file);
      }
    } catch (NoSuchFileException missing) {
      throw Failure.usage(what + " " + file + " does not exist", "");
    } catch (IOException | UnsupportedOperationException unknown) {
      throw new Failure(
          ExitCode.FAILURE, "who may read " + what + " " + file + " cannot be found out", "");
    }
  }

  /// Whether the file begins with this ASCII text. No more than that is read.
  public static boolean startsWith(Path file, String beginning) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] read = in.readNBytes(beginning.length());
      return beginning.equals(new String(read, StandardCharsets.US_ASCII));
    } catch (NoSuchFileException missing) {
      throw Failure.usage("key file " + file + " does not exist", "");
    } catch (IOException unreadable) {
      throw new Failure(ExitCode.FAILURE, file + " cannot be read: " + unreadable.getMessage());
    }
  }

  /// The text of a small file that holds no secret, so anybody may read it.
  public static String readPublic(Path file, String what) {
    try {
      if (Files.size(file) > LIMIT) {
        throw new Failure(ExitCode.FAILURE, what + " " + file + " is too large to be one");
      }
      return Files.readString(file);
    } catch (NoSuchFileException missing) {
      throw Failure.usage(what + " " + file + " does not exist", "");
    } catch (IOException unreadable) {
      throw new Failure(
          ExitCode.FAILURE, what + " " + file + " cannot be read: " + unreadable.getMessage());
    }
  }

  /// Refuses a file that exists, before anything else is made.
  public static void requireAbsent(Path file) {
    if (Files.exists(file)) {
      throw exists(file);
    }
  }

  private static Failure exists(Path file) {
    return Failure.usage(file + " exists already and is not overwritten", "");
  }

  /// Makes the file; refuses one that exists.
  public static void create(Path file, String text) {
    try {
      directoryOf(file);
      write(file, text);
    } catch (FileAlreadyExistsException exists) {
      throw exists(file);
    } catch (IOException unwritable) {
      throw notWritten(file, unwritable);
    }
  }

  /// Makes the file, or makes it anew: whoever reads it meanwhile finds all of the one or all of
  /// the other.
  public static void replace(Path file, String text) {
    try {
      Path beside =
          Files.createTempFile(
              directoryOf(file), file.getFileName() + ".", ".part", permissions("rw-------"));
      try {
        Files.writeString(beside, text);
        Files.move(
            beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException unwritable) {
      throw notWritten(file, unwritable);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createFile(file, permissions("rw-------"));
    Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
  }

  /// Its directory, which is made if need be.
  private static Path directoryOf(Path file) throws IOException {
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, permissions("rwx------"));
    }
    return directory;
  }

  private static Failure notWritten(Path file, IOException why) {
    return new Failure(ExitCode.FAILURE, file + " cannot be written: " + why.getMessage());
  }

  static FileAttribute<Set<PosixFilePermission>> permissions(String rwx) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rwx));
  }
}
