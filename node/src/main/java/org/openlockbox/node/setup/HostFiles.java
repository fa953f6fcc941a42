package org.openlockbox.node.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;

/// Writes what is not there yet, and hands it to the user whose it is. A file appears whole or not
/// at all, with its mode from the first byte. What is there is kept, so `lockbox init` that was
/// killed goes on where it was.
final class HostFiles {
  private static final String OWNER_ONLY = "rw-------";
  private static final String PROGRAM = "rwxr-xr-x";
  private static final String EVERYBODY = "rw-r--r--";

  private final List<Path> made = new ArrayList<>();
  private final List<Path> kept = new ArrayList<>();

  /// A file that its owner alone may read.
  void secret(Path file, Supplier<String> text) {
    write(file, OWNER_ONLY, text);
  }

  /// A file without a secret.
  void open(Path file, Supplier<String> text) {
    write(file, EVERYBODY, text);
  }

  /// A script.
  void program(Path file, Supplier<String> text) {
    write(file, PROGRAM, text);
  }

  /// A name for another file.
  void link(Path name, Path target) {
    if (Files.exists(name, LinkOption.NOFOLLOW_LINKS)) {
      kept.add(name);
      return;
    }
    try {
      Files.createSymbolicLink(name, target);
      made.add(name);
    } catch (IOException e) {
      throw unwritable(name, e);
    }
  }

  /// Removes what a killed `init` left half done.
  void forget(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /// What was written, in order.
  List<Path> made() {
    return List.copyOf(made);
  }

  /// What was there before.
  List<Path> kept() {
    return List.copyOf(kept);
  }

  private void write(Path file, String mode, Supplier<String> text) {
    if (Files.exists(file)) {
      kept.add(file);
      return;
    }
    var directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory);
      }
      var attributes =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY));
      Path part = Files.createTempFile(directory, ".init", ".part", attributes);
      try {
        Files.writeString(part, text.get());
        Files.setPosixFilePermissions(part, PosixFilePermissions.fromString(mode));
        Files.move(part, file);
      } finally {
        Files.deleteIfExists(part);
      }
      made.add(file);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /// A directory that its owner alone may look into.
  void directory(Path directory) {
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw unwritable(directory, e);
    }
  }

  /// Gives all below a directory to a user and the group of the same name, where this host has it:
  /// the packages make the users of both services. Without them all stays with whoever typed.
  void give(Path directory, String user) {
    try (var below = Files.walk(directory)) {
      for (Path path : below.toList()) {
        own(path, user);
      }
    } catch (UserPrincipalNotFoundException notHere) {
      // a host without the packages
    } catch (IOException e) {
      throw unwritable(directory, e);
    }
  }

  /// Lets a service read its configuration, and not change it.
  void readableBy(Path file, String group) {
    try {
      var found =
          file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
      view(file).setGroup(found);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    } catch (UserPrincipalNotFoundException notHere) {
      // a host without the packages
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static void own(Path path, String user) throws IOException {
    var lookup = path.getFileSystem().getUserPrincipalLookupService();
    Files.setOwner(path, lookup.lookupPrincipalByName(user));
    view(path).setGroup(lookup.lookupPrincipalByGroupName(user));
  }

  private static PosixFileAttributeView view(Path path) {
    return Objects.requireNonNull(Files.getFileAttributeView(path, PosixFileAttributeView.class));
  }

  private static NodeFailure unwritable(Path path, IOException why) {
    return new NodeFailure(
        Code.FAILURE, "%s cannot be written: %s. Are you root?".formatted(path, why), why);
  }
}
