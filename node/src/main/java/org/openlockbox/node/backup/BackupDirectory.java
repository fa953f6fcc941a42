package org.openlockbox.node.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.openlockbox.node.backup.BackupManifest.FileSum;
import org.openlockbox.node.config.NodeConfig;
import org.openlockbox.node.config.NodeConfig.ServerPart;
import org.openlockbox.node.config.NodeConfig.WitnessSettings;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;

/// A backup that is being made. Its directory gets its name when it is whole; killed before, one
/// that ends in `.part` is left, and no restore takes it. Nobody but its owner may read it.
final class BackupDirectory {
  static final String DUMP = "control.dump";
  private static final String CONFIGURATION = "configuration";
  private static final String INLINE = "insecureInline";
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path directory;
  private final Path part;
  private final List<FileSum> files = new ArrayList<>();

  private BackupDirectory(Path directory, Path part) {
    this.directory = directory;
    this.part = part;
  }

  static BackupDirectory begin(Path directory) {
    if (Files.exists(directory)) {
      throw new NodeFailure(
          Code.USAGE, directory + " is there already; each backup takes a new directory");
    }
    Path whole = directory.toAbsolutePath().normalize();
    Path parent = Objects.requireNonNull(whole.getParent());
    try {
      var part = Files.createTempDirectory(parent, whole.getFileName() + ".", OWNER_ALONE);
      Path named = part.resolveSibling(part.getFileName() + ".part");
      Files.move(part, named);
      return new BackupDirectory(whole, named);
    } catch (IOException e) {
      throw new NodeFailure(Code.FAILURE, parent + " cannot be written: " + e.getMessage(), e);
    }
  }

  /// Where the database goes.
  Path dump() {
    return part.resolve(DUMP);
  }

  /// The dump is there.
  void dumped() {
    add(DUMP);
  }

  /// Copies the configuration and the public files that it names. What holds a secret itself is
  /// left out.
  ///
  /// @return what was left out
  List<Path> copyConfiguration(NodeConfig config) throws IOException {
    Files.createDirectory(part.resolve(CONFIGURATION), OWNER_ALONE);
    var left = new ArrayList<Path>();
    for (Path file : publicFiles(config)) {
      if (Files.readString(file).contains(INLINE)) {
        left.add(file);
      } else {
        String name = CONFIGURATION + "/" + file.getFileName();
        Files.copy(file, part.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        add(name);
      }
    }
    return left;
  }

  private static Set<Path> publicFiles(NodeConfig config) {
    ServerPart server = config.server().orElseThrow();
    return new LinkedHashSet<>(
        Stream.of(
                Stream.of(config.file(), config.resources()),
                Stream.of(server.gateways().authority(), server.gateways().ca()),
                server.log().witnesses().stream().map(WitnessSettings::keys))
            .flatMap(files -> files)
            .toList());
  }

  private void add(String name) {
    files.removeIf(file -> file.name().equals(name));
    files.add(new FileSum(name, BackupManifest.sum(part.resolve(name))));
  }

  List<FileSum> files() {
    return List.copyOf(files);
  }

  /// Writes the manifest, last, and gives the directory its name.
  void finish(BackupManifest manifest) throws IOException {
    Files.writeString(part.resolve(BackupManifest.NAME), manifest.text());
    try (var all = Files.walk(part)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      }
    }
    Files.move(part, directory, StandardCopyOption.ATOMIC_MOVE);
  }
}
