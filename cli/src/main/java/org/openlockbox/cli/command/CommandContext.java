package org.openlockbox.cli.command;

import java.io.InputStream;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.openlockbox.cli.profile.ConfigDirectory;
import org.openlockbox.cli.profile.ServerProfiles;
import org.openlockbox.cli.signing.KeyFiles;
import org.openlockbox.cli.signing.SshKeygen;
import org.openlockbox.cli.terminal.Terminal;

/// Everything a command takes from the machine it runs on: terminal, environment, clock,
/// randomness, and whether a person sits at the keyboard.
public record CommandContext(
    Terminal terminal,
    InputStream in,
    boolean interactive,
    Map<String, String> environment,
    InstantSource clock,
    SecureRandom random) {

  public CommandContext {
    environment = Map.copyOf(environment);
  }

  public ConfigDirectory config() {
    return ConfigDirectory.of(environment);
  }

  /// The keys that files name; those of SSH are used through `ssh-keygen`.
  public KeyFiles keys() {
    return new KeyFiles(config(), new SshKeygen(environment, terminal));
  }

  ServerProfiles profiles() {
    return new ServerProfiles(config(), environment);
  }
}
