package org.openlockbox.cli.profile;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.cli.terminal.Failure;

/// Where the CLI keeps profiles, pins, connection files and keys: `LOCKBOX_CONFIG_DIR`, else
/// `$XDG_CONFIG_HOME/lockbox`, else `~/.config/lockbox`.
public record ConfigDirectory(Path path) {

  public static ConfigDirectory of(Map<String, String> environment) {
    String own = environment.getOrDefault("LOCKBOX_CONFIG_DIR", "");
    if (!own.isEmpty()) {
      return new ConfigDirectory(Path.of(own));
    }
    String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
    if (!xdg.isEmpty()) {
      return new ConfigDirectory(Path.of(xdg, "lockbox"));
    }
    String home = environment.getOrDefault("HOME", System.getProperty("user.home", "."));
    return new ConfigDirectory(Path.of(home, ".config", "lockbox"));
  }

  Path profile(String name) {
    return path.resolve("profiles").resolve(name + ".properties");
  }

  Path defaultProfile() {
    return path.resolve("default-profile");
  }

  /// The pin of a tenant's log as first seen or as configured.
  public Path pin(String tenant) {
    return path.resolve("pins").resolve(tenant);
  }

  /// Files that a client program needs to connect with one request.
  public Path connection(String request) {
    return path.resolve("connections").resolve(request);
  }

  /// Where keys lie that are named without a path.
  public Path ownKey(String name) {
    return path.resolve("keys").resolve(name);
  }

  /// The key file called `name`: a path that exists, else a file of that name among the keys.
  public Path key(String name) {
    Path direct = Path.of(name);
    if (Files.isRegularFile(direct)) {
      return direct;
    }
    return sibling(name)
        .or(() -> existing(ownKey(name)))
        .orElseThrow(
            () ->
                Failure.usage(
                    "there is no key file " + name + ", here or in " + keysNextDoor(),
                    "lockbox key new " + name));
  }

  private Optional<Path> sibling(String name) {
    return existing(keysNextDoor().resolve(name));
  }

  private Path keysNextDoor() {
    return path.resolveSibling("keys");
  }

  private static Optional<Path> existing(Path file) {
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }
}
