package org.openlockbox.node.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.server.SharedMemories;
import org.openlockbox.server.backup.BackupHead;
import org.openlockbox.server.log.head.HeldHeads;
import org.openlockbox.server.log.head.SignedHeads.HeadsNotWritable;
import org.openlockbox.server.log.head.SignedHeads.TreeHead;
import org.openlockbox.server.log.head.SignedHeadsFile;
import org.openlockbox.server.log.memory.SigningMemory;

/// What this host remembers of what it signed, held so that no server starts here meanwhile.
final class RememberedLogs implements AutoCloseable {
  private final Optional<HeldHeads> held;
  private final Map<String, TreeHead> heads;

  private RememberedLogs(Optional<HeldHeads> held, Map<String, TreeHead> heads) {
    this.held = held;
    this.heads = heads;
  }

  /// Throws [NodeFailure] if a server of this host runs, or if the memory cannot be read. Whether
  /// servers of other hosts run is not known here.
  static RememberedLogs take(SigningMemory memory, InstantSource clock) {
    return switch (memory) {
      case SigningMemory.Directory own -> take(own.path());
      case SigningMemory.SharedPlace shared -> take(shared, clock);
    };
  }

  private static RememberedLogs take(SigningMemory.SharedPlace place, InstantSource clock) {
    try (var memory = SharedMemories.open(place, clock)) {
      return new RememberedLogs(Optional.empty(), memory.heads());
    } catch (HeadsNotWritable e) {
      throw new NodeFailure(Code.FAILURE, String.valueOf(e.getMessage()), e);
    }
  }

  private static RememberedLogs take(Path directory) {
    try {
      var held =
          Files.exists(directory.resolve("heads"))
              ? Optional.of(HeldHeads.of(directory))
              : Optional.<HeldHeads>empty();
      return new RememberedLogs(held, held.map(HeldHeads::heads).orElse(Map.of()));
    } catch (SignedHeadsFile.HeadsInUse e) {
      throw new NodeFailure(
          Code.ALREADY_RUNNING, "the server of this host runs; stop every server first", e);
    } catch (IOException e) {
      throw new NodeFailure(Code.FAILURE, directory + " cannot be read: " + e.getMessage(), e);
    }
  }

  /// A log of which more was signed than a backup holds, or something else.
  record LostEntries(String origin, long kept, long signed) {
    @Override
    public String toString() {
      return "%s has %d entries in this backup, and %d were signed".formatted(origin, kept, signed);
    }
  }

  /// The tenants' logs of which this backup is behind.
  List<LostEntries> lostBy(BackupManifest backup) {
    Map<String, BackupHead> kept =
        backup.logs().stream()
            .collect(Collectors.toMap(log -> log.origin().value(), Function.identity()));
    return heads.keySet().stream()
        .sorted()
        .filter(origin -> EpochLog.named(origin).isEmpty())
        .flatMap(origin -> lost(origin, Optional.ofNullable(kept.get(origin))).stream())
        .toList();
  }

  private Optional<LostEntries> lost(String origin, Optional<BackupHead> kept) {
    var signed = Objects.requireNonNull(heads.get(origin));
    long size = kept.map(log -> log.head().size()).orElse(0L);
    boolean isOther =
        size == signed.size()
            && kept.filter(log -> log.head().root().equals(signed.root())).isEmpty();
    return size < signed.size() || isOther
        ? Optional.of(new LostEntries(origin, size, signed.size()))
        : Optional.empty();
  }

  /// Whether anything is remembered here at all.
  boolean isEmpty() {
    return heads.isEmpty();
  }

  @Override
  public void close() {
    held.ifPresent(HeldHeads::close);
  }
}
