package org.openlockbox.node.doctor;

import static org.openlockbox.node.doctor.HostFinding.broken;
import static org.openlockbox.node.doctor.HostFinding.ok;
import static org.openlockbox.node.doctor.HostFinding.warning;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.openlockbox.node.config.NodeConfig.LogPart;
import org.openlockbox.node.service.Node;
import org.openlockbox.server.SharedMemories;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.server.log.head.SignedHeads.HeadsNotWritable;
import org.openlockbox.server.log.memory.SigningMemory;
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

  static List<HostFinding> signedHeads(SigningMemory memory, InstantSource clock) {
    return switch (memory) {
      case SigningMemory.Directory own -> signedHeads(own.path());
      case SigningMemory.SharedPlace shared -> signedHeads(shared, clock);
    };
  }

  private static List<HostFinding> signedHeads(
      SigningMemory.SharedPlace place, InstantSource clock) {
    String subject = "signed heads";
    try (var memory = SharedMemories.open(place, clock)) {
      int logs = memory.heads().size();
      return List.of(
          logs == 0
              ? warning(
                  subject,
                  place + " remembers nothing of what was signed.",
                  "Right before the first start. Else give it back, or lockbox remember.")
              : ok(subject, "%s remembers %d logs.".formatted(place, logs)));
    } catch (HeadsNotWritable e) {
      return List.of(
          broken(
              subject,
              String.valueOf(e.getMessage()),
              "Let the servers reach it. Its tables are made at the first start."));
    }
  }

  private static List<HostFinding> signedHeads(Path directory) {
    String subject = "signed heads";
    var file = directory.resolve("heads");
    if (!Files.exists(file)) {
      return List.of(
          warning(
              subject,
              directory + " remembers nothing of what was signed.",
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
