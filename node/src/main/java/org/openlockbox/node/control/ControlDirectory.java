package org.openlockbox.node.control;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Where a running node keeps its lock and hears commands: a directory that systemd gives its unit,
/// or one beside the configuration.
public final class ControlDirectory {
  private static final Path OF_SYSTEMD = Path.of("/run/lockbox");

  private ControlDirectory() {}

  /// Of the node that starts now.
  public static Path own(Path config) {
    return given(config).orElseGet(() -> beside(config));
  }

  /// Of a node that runs already, seen from another process, which systemd tells nothing.
  static Path running(Path config) {
    var places =
        Stream.concat(
                given(config).stream(),
                Stream.of(
                    beside(config),
                    OF_SYSTEMD.resolve(name(config)),
                    ofUnit(config).resolve(name(config))))
            .toList();
    return first(places).orElse(places.getFirst());
  }

  private static Optional<Path> first(List<Path> places) {
    return places.stream().filter(place -> Files.exists(place.resolve("control"))).findFirst();
  }

  private static Optional<Path> given(Path config) {
    return Optional.ofNullable(System.getenv("RUNTIME_DIRECTORY"))
        .map(directory -> Path.of(directory).resolve(name(config)));
  }

  /// What a unit that is called after its configuration has: `lockbox-server` runs `server.yaml`.
  private static Path ofUnit(Path config) {
    return Path.of("/run", "lockbox-" + name(config).replaceFirst("\\.yaml$", ""));
  }

  private static Path beside(Path config) {
    return config.resolveSibling("." + name(config) + ".running");
  }

  private static String name(Path config) {
    return Objects.requireNonNull(config.getFileName()).toString();
  }
}
