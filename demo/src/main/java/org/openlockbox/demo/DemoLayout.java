package org.openlockbox.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.openlockbox.demo.postgres.DirectoryTrees;

/// Where everything of the demo lies: one directory, `.lockbox` in the clone, its owner's alone.
record DemoLayout(Path state) {
  Path config() {
    return state.resolve("lockbox.yaml");
  }

  /// What the server signed last, and the key that wraps the tenants' keys: where the server puts
  /// them that is started with this configuration.
  private List<Path> besideConfig() {
    return List.of(
        state.resolve(config().getFileName() + ".heads"),
        state.resolve(config().getFileName() + ".wrapping-key"));
  }

  Path resources() {
    return state.resolve("resources.yaml");
  }

  Path ports() {
    return state.resolve("ports.properties");
  }

  Path keys() {
    return state.resolve("keys");
  }

  Path key(String name) {
    return keys().resolve(name);
  }

  Path tls() {
    return state.resolve("tls");
  }

  Path mail() {
    return state.resolve("mail");
  }

  Path log() {
    return state.resolve("lockbox.log");
  }

  Path data() {
    return state.resolve("data");
  }

  Path control() {
    return data().resolve("control");
  }

  Path helpdesk() {
    return data().resolve("helpdesk");
  }

  /// There only when the helpdesk rows and the fence are complete.
  Path helpdeskLoaded() {
    return helpdesk().resolve("loaded");
  }

  /// There only when tokens, profiles and tenants are complete.
  Path seeded() {
    return state.resolve("seeded");
  }

  Path cli() {
    return state.resolve("cli");
  }

  Path profile(String name) {
    return cli().resolve("profiles").resolve(name + ".properties");
  }

  /// The token in this person's profile; empty if there is no such profile, or no token in it.
  Optional<String> token(String person) throws IOException {
    var properties = new Properties();
    try (var in = Files.newBufferedReader(profile(person))) {
      properties.load(in);
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    return Optional.ofNullable(properties.getProperty("token"));
  }

  void make() throws IOException {
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(state);
    for (Path directory : new Path[] {keys(), data(), cli(), cli().resolve("profiles")}) {
      if (!Files.isDirectory(directory)) {
        Files.createDirectory(directory, ownerOnly);
      }
    }
    Files.createDirectories(tls());
    Files.createDirectories(mail());
  }

  /// Forgets everything that a demo did. The program itself, which was built into the same
  /// directory, stays.
  void forget() throws IOException {
    var made = new ArrayList<>(besideConfig());
    made.addAll(List.of(data(), keys(), tls(), mail(), cli()));
    made.addAll(List.of(config(), resources(), ports(), seeded()));
    for (Path one : made) {
      DirectoryTrees.delete(one);
    }
  }

  /// Writes a file that only its owner may read.
  static void writePrivate(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling("." + file.getFileName());
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
