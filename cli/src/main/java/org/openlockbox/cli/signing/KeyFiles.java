package org.openlockbox.cli.signing;

import java.nio.file.Path;
import org.openlockbox.cli.profile.ConfigDirectory;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.signing.VerifyingKey;

/// Private keys in files of mode 0600. A key file that others can read is refused; an existing file
/// is never overwritten.
public final class KeyFiles {
  private KeyFiles() {}

  /// The key that was named on the command line or in a profile.
  public static SoftwareKey load(ConfigDirectory config, String name) {
    return load(config.key(name));
  }

  public static SoftwareKey load(Path file) {
    String text = PrivateFile.read(file, "key file");
    try {
      return KeyFile.parse(text);
    } catch (IllegalArgumentException malformed) {
      throw notAKey(file, malformed);
    }
  }

  /// The public half of a key file; one with only a public half will do.
  public static VerifyingKey publicHalf(Path file) {
    String text = PrivateFile.readPublic(file, "key file");
    try {
      return KeyFile.publicKey(text);
    } catch (IllegalArgumentException malformed) {
      throw notAKey(file, malformed);
    }
  }

  public static void store(Path file, SoftwareKey key) {
    PrivateFile.create(file, KeyFile.format(key));
  }

  private static Failure notAKey(Path file, IllegalArgumentException why) {
    return new Failure(
        ExitCode.FAILURE, file + " is not a key file: " + why.getMessage(), "lockbox key new NAME");
  }
}
