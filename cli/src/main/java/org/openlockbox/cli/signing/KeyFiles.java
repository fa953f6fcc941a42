package org.openlockbox.cli.signing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.openlockbox.cli.profile.ConfigDirectory;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.signing.SshKey;
import org.openlockbox.core.signing.VerifyingKey;

/// The keys that a person names by a file: our own key files, OpenSSH's private keys, and OpenSSH's
/// `.pub` files of keys that an agent or a security key holds. A private file that others can read
/// is refused; an existing file is never overwritten. Of a private SSH key only the first line is
/// read, which is the same in all of them.
public final class KeyFiles {
  private static final String SSH_PRIVATE = "-----BEGIN OPENSSH PRIVATE KEY-----";
  private static final String OWN = "-----BEGIN ";

  private final ConfigDirectory config;
  private final SshKeygen ssh;

  public KeyFiles(ConfigDirectory config, SshKeygen ssh) {
    this.config = config;
    this.ssh = ssh;
  }

  /// The key that was named on the command line or in a profile.
  public PrivateSigner load(String name) {
    return load(config.key(name));
  }

  public PrivateSigner load(Path file) {
    if (isSshPrivate(file)) {
      PrivateFile.requirePrivate(file, "key file");
    } else if (isOwn(file)) {
      return own(file);
    }
    Path absolute = file.toAbsolutePath();
    return new SshSigner(sshKey(absolute), absolute, ssh);
  }

  private static SoftwareKey own(Path file) {
    String text = PrivateFile.read(file, "key file");
    try {
      return KeyFile.parse(text);
    } catch (IllegalArgumentException malformed) {
      throw notAKey(file, malformed);
    }
  }

  /// The public half of a key; a file with only a public half will do.
  public VerifyingKey publicHalf(Path file) {
    if (isSshPrivate(file) || !isOwn(file)) {
      return sshKey(file.toAbsolutePath());
    }
    String text = PrivateFile.readPublic(file, "key file");
    try {
      return KeyFile.publicKey(text);
    } catch (IllegalArgumentException malformed) {
      throw notAKey(file, malformed);
    }
  }

  private static boolean isSshPrivate(Path file) {
    return PrivateFile.startsWith(file, SSH_PRIVATE);
  }

  private static boolean isOwn(Path file) {
    return PrivateFile.startsWith(file, OWN);
  }

  private VerifyingKey sshKey(Path file) {
    try {
      return SshKey.parse(publicLine(file));
    } catch (IllegalArgumentException unacceptable) {
      throw notAKey(file, unacceptable);
    }
  }

  private String publicLine(Path file) {
    if (!isSshPrivate(file)) {
      return PrivateFile.readPublic(file, "public key file");
    }
    return Optional.of(Path.of(file + ".pub"))
        .filter(Files::isRegularFile)
        .map(beside -> PrivateFile.readPublic(beside, "public key file"))
        .orElseGet(() -> ssh.publicLine(file));
  }

  public static void store(Path file, SoftwareKey key) {
    PrivateFile.create(file, KeyFile.format(key));
  }

  private static Failure notAKey(Path file, IllegalArgumentException why) {
    return new Failure(
        ExitCode.FAILURE,
        file + " is not a key to sign with: " + why.getMessage(),
        "lockbox key new NAME");
  }
}
