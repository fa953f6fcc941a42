package org.openlockbox.cli.signing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiResponse;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tile.MissingTile;
import org.openlockbox.tlog.tile.TilePath;
import org.openlockbox.tlog.tile.TileTree;
import org.openlockbox.tlog.tree.MerkleTree;

/// What stands in a tenant's log, by its tiles: an index holds exactly these bytes, under a
/// checkpoint that both of the log's keys signed. What a server only says of an entry is neither
/// signed for nor called logged.
public final class ProvenEntries {
  private static final int TRIES = 20;

  /// Where the proof may follow later.
  private static final int FEW_TRIES = 4;

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Checkpoint checkpoint;
  private final TileTree tree;

  private ProvenEntries(Api api, String log, Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
    long size = checkpoint.size();
    this.tree = new TileTree((level, n) -> tile(api, log, level, n, size), size);
  }

  /// The log as it is now. Waits a moment for a checkpoint that covers this entry.
  ///
  /// @throws Failure if there is none
  public static ProvenEntries covering(Api api, Keyring keyring, long index) {
    return find(api, keyring, index, TRIES)
        .orElseThrow(() -> unproven("no checkpoint covers entry " + index));
  }

  /// The same for an entry that takes effect without one; empty if there is none.
  static Optional<ProvenEntries> findCovering(Api api, Keyring keyring, long index) {
    return find(api, keyring, index, FEW_TRIES);
  }

  private static Optional<ProvenEntries> find(Api api, Keyring keyring, long index, int most) {
    String log = "/log/" + Api.encoded(keyring.genesis().tenant().value()) + "/";
    for (int tries = 1; tries <= most; tries++) {
      Checkpoint newest = checkpoint(api, log, keyring);
      if (newest.size() > index) {
        return Optional.of(new ProvenEntries(api, log, newest));
      }
      pause();
    }
    return Optional.empty();
  }

  private static Checkpoint checkpoint(Api api, String log, Keyring keyring) {
    String note = new String(api.get(log + "checkpoint").bytes(), StandardCharsets.UTF_8);
    try {
      return keyring
          .checkpointKeys()
          .open(SignedNote.parse(note))
          .orElseThrow(
              () -> unproven("the checkpoint is not signed by both of the tenant's log keys"));
    } catch (MalformedNote malformed) {
      throw unproven("the checkpoint cannot be read: " + malformed.getMessage());
    }
  }

  private static byte[] tile(Api api, String log, int level, long n, long size) {
    int width = TilePath.width(level, n, size);
    Optional<ApiResponse> tile =
        width == 0 ? Optional.empty() : api.find(log + new TilePath(level, n, width).format());
    return tile.map(ApiResponse::bytes).orElseGet(() -> new byte[0]);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.FAILURE, "interrupted");
    }
  }

  /// How many entries the checkpoint covers.
  public long size() {
    return checkpoint.size();
  }

  /// Goes on if the log holds exactly these bytes at this index.
  ///
  /// @throws Failure if not
  public void require(long index, Bytes entry) {
    try {
      if (tree.inclusion(index).proves(MerkleTree.leafHash(entry.toArray()), checkpoint.root())) {
        return;
      }
    } catch (MissingTile | IllegalArgumentException broken) {
      // no proof is as good as a false one
    }
    throw unproven("what the server shows as entry " + index + " is not in the log");
  }

  private static Failure unproven(String why) {
    return new Failure(
        ExitCode.FAILURE,
        "it is not proven that this is in the log: " + why,
        "keep this message; lockbox log shows what the server claims");
  }
}
