package org.openlockbox.node.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.node.config.NodeConfig.TlsFiles;

/// The files that `lockbox.yaml` names. Each must exist.
///
/// @param base what relative paths are relative to
record NamedFiles(Path base) {
  Path named(YamlMap map, String key) {
    Path file = base.resolve(map.text(key));
    if (!Files.isRegularFile(file)) {
      throw map.problem(key, "there is no file " + file);
    }
    return file;
  }

  Optional<Path> optional(YamlMap map, String key) {
    return map.has(key) ? Optional.of(named(map, key)) : Optional.empty();
  }

  TlsFiles tls(YamlMap tls) {
    var read =
        new TlsFiles(
            named(tls, "certificate"), named(tls, "key"), optional(tls, "clientAuthorities"));
    tls.done();
    return read;
  }
}
