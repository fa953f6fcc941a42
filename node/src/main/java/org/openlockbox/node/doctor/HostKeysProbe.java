package org.openlockbox.node.doctor;

import static org.openlockbox.node.doctor.HostFinding.broken;
import static org.openlockbox.node.doctor.HostFinding.ok;
import static org.openlockbox.node.doctor.HostFinding.warning;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.openlockbox.node.config.NodeConfig.LogPart;
import org.openlockbox.node.service.Node;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.server.seal.WrappingKeyFile;

/// The files without which a server does not go on: its log keys, its wrapping keys, and its memory
/// of what it signed.
final class HostKeysProbe {
  private static final String ONCE = "Keep a copy of it offline: nobody can make it again.";

  private HostKeysProbe() {}

  static List<HostFinding> logKeys(LogPart log) {
    String subject = "log keys";
    try {
      int pairs = LogKeys.read(log.key()).verifiers(log.host()).size();
      return List.of(
          pairs == 1
              ? ok(subject, log.key() + " can be read.")
              : warning(
                  subject,
                  "The next pair is there beside %s, and the old one is in use."
                      .formatted(log.key()),
                  "lockbox log-keys show says which step is next."));
    } catch (IllegalStateException | IllegalArgumentException e) {
      return List.of(broken(subject, String.valueOf(e.getMessage()), "Mode 0600. " + ONCE));
    }
  }

  static List<HostFinding> wrappingKey(LogPart log) {
    String subject = "wrapping key";
    if (!Files.exists(log.wrappingKey())) {
      return List.of(
          warning(
              subject,
              "There is no %s yet.".formatted(log.wrappingKey()),
              "The first server makes it at its first start; every other one needs a copy of it."));
    }
    try {
      WrappingKeyFile.open(log.wrappingKey(), Node.random());
      return List.of(ok(subject, log.wrappingKey() + " can be read."));
    } catch (IllegalStateException e) {
      return List.of(broken(subject, String.valueOf(e.getMessage()), "Mode 0600. " + ONCE));
    }
  }

  static List<HostFinding> signedHeads(LogPart log) throws IOException {
    String subject = "signed heads";
    var file = log.signedHeads().resolve("heads");
    if (!Files.exists(file)) {
      return List.of(
          warning(
              subject,
              "%s remembers nothing of what was signed.".formatted(log.signedHeads()),
              "Right before the first start. Else give the directory back, or lockbox remember."));
    }
    return Files.isReadable(file)
        ? List.of(ok(subject, "This host remembers what it signed."))
        : List.of(
            broken(
                subject,
                file + " cannot be read.",
                "It belongs to the server's user; run lockbox doctor as root."));
  }
}
