package org.openlockbox.gateway.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.function.Supplier;

/// A secret: one line in a file that nobody else may read. It is read when it is used, so that a
/// changed file counts from the next use on, and it appears in no text.
public record SecretFile(Path file) implements Supplier<String> {
  private static final EnumSet<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  /// @throws UnusableFile if it cannot be read, or others can read it
  @Override
  public String get() {
    try {
      if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
        throw new UnusableFile(
            "the secret in " + file + " can be read by others; chmod 600 " + file);
      }
      return oneLine(Files.readString(file).strip());
    } catch (IOException e) {
      throw new UnusableFile("the secret in " + file + " cannot be read: " + e, e);
    }
  }

  /// More than one line is no secret but a mistake, and would end up in headers.
  private String oneLine(String text) {
    if (text.lines().count() > 1) {
      throw new UnusableFile(
          "the secret in " + file + " has more than one line; only it belongs there");
    }
    return text;
  }
}
