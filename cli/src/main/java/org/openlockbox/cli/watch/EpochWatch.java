package org.openlockbox.cli.watch;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiResponse;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.epoch.EpochCheck;
import org.openlockbox.core.epoch.EpochProof;
import org.openlockbox.core.epoch.HeadLeaf;
import org.openlockbox.core.epoch.WitnessCheck;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.tile.MissingTile;
import org.openlockbox.tlog.tile.TilePath;
import org.openlockbox.tlog.tile.TileTree;
import org.openlockbox.tlog.tree.ConsistencyProof;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// Watches the epoch log for one tenant (docs/spec/epochs.md): the head is at the tenant's fixed
/// slot in the newest epoch, the epoch log continues the one seen before, each head the earlier
/// one, every entry that was read is soon in an epoch, and epochs go on, cosigned by the witnesses
/// that the tenant's settings or this reader demand.
final class EpochWatch {
  private static final String FILE = "epochs.json";

  /// More witnesses than any server is asked for.
  private static final int MOST_WITNESSES = 20;

  private final Api api;
  private final TenantId tenant;
  private final LogCopy copy;
  private final WitnessPolicy demanded;
  private final InstantSource clock;

  /// @param demanded what this reader demands, whatever the settings say
  EpochWatch(Api api, TenantId tenant, LogCopy copy, WitnessPolicy demanded, InstantSource clock) {
    this.api = api;
    this.tenant = tenant;
    this.copy = copy;
    this.demanded = demanded;
    this.clock = clock;
  }

  /// What the server shows as the newest epoch.
  sealed interface NewestEpoch {
    /// It is in an epoch log that both log keys signed and enough witnesses cosigned.
    record ProvenEpoch(EpochProof proof, EpochCheck.Valid proven) implements NewestEpoch {
      HeadLeaf head() {
        return proven.head();
      }
    }

    record EpochFault(String what) implements NewestEpoch {}
  }

  /// Whose witnesses have to have cosigned, one demand after the other; of nobody's, if nobody
  /// demands any.
  List<WitnessPolicy> policies(Keyring keyring) {
    List<WitnessPolicy> demands =
        Stream.of(keyring.settings().witness(), demanded).filter(WitnessPolicy::demands).toList();
    return demands.isEmpty() ? List.of(WitnessPolicy.NONE) : demands;
  }

  /// Reads the newest epoch that these witnesses cosigned. The server knows only how many, so it is
  /// asked for more until they are among them.
  ///
  /// @param log the epoch log that the tenant's log names
  NewestEpoch newest(Keyring keyring, EpochLog log, WitnessPolicy policy) {
    String refused = "";
    for (int k = policy.quorum(); k <= MOST_WITNESSES; k++) {
      var path = "/v1/tenants/%s/epoch?witnesses=%d".formatted(tenant.value(), k);
      Optional<ApiResponse> answer = api.find(path);
      if (answer.isEmpty()) {
        break;
      }
      EpochProof proof;
      try {
        proof = EpochProof.parse(Json.read(answer.get().bytes()));
      } catch (MalformedJson broken) {
        return new NewestEpoch.EpochFault("an epoch that cannot be read: " + broken.getMessage());
      }
      if (proof.check(keyring, log, WitnessPolicy.NONE) instanceof EpochCheck.Invalid(var why)) {
        return new NewestEpoch.EpochFault("of the newest epoch: " + why);
      }
      switch (proof.check(keyring, log, policy)) {
        case EpochCheck.Valid proven -> {
          return proven.isNewest()
              ? new NewestEpoch.ProvenEpoch(proof, proven)
              : new NewestEpoch.EpochFault("an old epoch is shown under a newer checkpoint");
        }
        case EpochCheck.Invalid(String why) -> refused = refused.isEmpty() ? why : refused;
      }
    }
    return refused.isEmpty()
        ? none(policy)
        : new NewestEpoch.EpochFault("of the newest epoch: " + refused);
  }

  private NewestEpoch none(WitnessPolicy policy) {
    if (policy.demands()) {
      return new NewestEpoch.EpochFault(
          "no epoch was cosigned by %d of the witnesses %s"
              .formatted(policy.quorum(), policy.names()));
    }
    if (seen().isPresent()) {
      return new NewestEpoch.EpochFault("no epoch is served any more");
    }
    throw new Failure(
        ExitCode.INCOMPLETE,
        "the server shows no epoch with this log, so others may be shown another one",
        "a new tenant is in the next epoch, after 5 s; --no-epochs does without");
  }

  /// Compares an epoch, whose head agrees with the `entries` that were read, with those seen
  /// before, and remembers it; says what is wrong.
  ///
  /// @param recovery what the tenant's log says of epochs that were lost
  Optional<String> follow(
      Keyring keyring,
      Optional<RecoveryEvent.EpochsLost> recovery,
      NewestEpoch.ProvenEpoch epoch,
      long entries) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Optional<SeenEpochs> before = seen();
    Checkpoint checkpoint = epoch.proven().checkpoint();
    Optional<String> broken =
        recovery
            .flatMap(lost -> recovered(lost, before, checkpoint))
            .or(() -> forked(before, recovery.isPresent(), checkpoint));
    if (broken.isPresent()) {
      return broken;
    }
    boolean grown = before.isEmpty() || isNewer(before.get().checkpoint(), checkpoint);
    if (grown && before.isPresent() && epoch.head().size() < before.get().head()) {
      return Optional.of(
          "an epoch has %d entries, an earlier one had %d"
              .formatted(epoch.head().size(), before.get().head()));
    }
    SeenEpochs seen =
        grown
            ? new SeenEpochs(
                epoch.proof().proof().checkpoint(),
                now,
                epoch.head().size(),
                before.flatMap(SeenEpochs::waiting))
            : before.get();
    SeenEpochs read = seen.read(entries, now);
    if (!before.equals(Optional.of(read))) {
      copy.keep(FILE, CanonicalJson.text(read.toJson()));
    }
    Duration most = keyring.settings().maxUnwitnessed();
    return stale(epoch, read, most, now).or(() -> left(read, most, now));
  }

  /// Under another name, which the tenant's log has to name, there is nothing to continue.
  private Optional<String> forked(
      Optional<SeenEpochs> before, boolean renamed, Checkpoint checkpoint) {
    return before
        .map(SeenEpochs::checkpoint)
        .filter(seen -> !(isSameName(seen, checkpoint) ? oneLog(seen, checkpoint) : renamed))
        .map(_ -> "the epoch log does not continue the one seen before");
  }

  private static boolean isNewer(Checkpoint seen, Checkpoint now) {
    return !isSameName(seen, now) || seen.size() < now.size();
  }

  private static boolean isSameName(Checkpoint seen, Checkpoint now) {
    return seen.origin().equals(now.origin());
  }

  /// Whether what the tenant's log says of lost epochs is what everybody was told, and agrees with
  /// what was seen.
  private Optional<String> recovered(
      RecoveryEvent.EpochsLost lost, Optional<SeenEpochs> before, Checkpoint now) {
    var opening = MerkleTree.leafHash(lost.opening().getBytes(StandardCharsets.US_ASCII));
    if (!isFirst(opening, now)) {
      return Optional.of(
          "the epoch log of generation %d opens with another loss than the log admits"
              .formatted(lost.generation()));
    }
    return before
        .map(SeenEpochs::checkpoint)
        .filter(seen -> !isSameName(seen, now))
        .filter(seen -> seen.size() > lost.lostSize() || contradicts(seen, lost))
        .map(
            seen ->
                "of the epoch log %d epochs were seen, root %s, which the provider does not admit to have lost"
                    .formatted(seen.size(), seen.root().hex()));
  }

  private static boolean contradicts(Checkpoint seen, RecoveryEvent.EpochsLost lost) {
    return seen.size() == lost.lostSize() && !seen.root().equals(lost.lostRoot());
  }

  private boolean isFirst(Hash leaf, Checkpoint now) {
    try {
      return new TileTree((level, n) -> tile(level, n, now.size()), now.size())
          .inclusion(0)
          .proves(leaf, now.root());
    } catch (MissingTile | IllegalArgumentException broken) {
      return false;
    }
  }

  /// By the witnesses' time if they are demanded; else by how long ago the epoch log was first seen
  /// as large as this.
  private static Optional<String> stale(
      NewestEpoch.ProvenEpoch epoch, SeenEpochs seen, Duration most, Instant now) {
    Optional<Instant> witnessed = epoch.proven().witnessed();
    if (witnessed.isEmpty()) {
      return seen.since().plus(most).isBefore(now)
          ? Optional.of("there has been no new epoch since " + seen.since())
          : Optional.empty();
    }
    if (witnessed.get().isAfter(now.plus(WitnessCheck.SKEW))) {
      return Optional.of("a witness's clock is ahead of this machine's: " + witnessed.get());
    }
    return witnessed.get().plus(most).isBefore(now)
        ? Optional.of(
            "the newest epoch that the witnesses cosigned is of %s, older than %s"
                .formatted(witnessed.get(), most))
        : Optional.empty();
  }

  /// An end of the log that is in no epoch may be shown to this reader alone.
  private static Optional<String> left(SeenEpochs seen, Duration most, Instant now) {
    return seen.waiting()
        .filter(waiting -> waiting.since().plus(most).plus(WitnessCheck.SKEW).isBefore(now))
        .map(
            waiting ->
                "the %d entries read at %s are still in no epoch, which has %d"
                    .formatted(waiting.entries(), waiting.since(), seen.head()));
  }

  private Optional<SeenEpochs> seen() {
    try {
      return copy.kept(FILE)
          .map(text -> SeenEpochs.parse(Json.read(text.getBytes(StandardCharsets.UTF_8))));
    } catch (MalformedJson damaged) {
      throw new Failure(
          ExitCode.INCOMPLETE,
          "%s beside the copy is damaged: %s".formatted(FILE, damaged.getMessage()));
    }
  }

  /// Whether the smaller is the beginning of the larger.
  private boolean oneLog(Checkpoint one, Checkpoint other) {
    Checkpoint small = one.size() <= other.size() ? one : other;
    Checkpoint large = one.size() <= other.size() ? other : one;
    try {
      var hashes =
          new TileTree((level, n) -> tile(level, n, large.size()), large.size())
              .consistency(small.size())
              .hashes();
      return new ConsistencyProof(small.size(), large.size(), hashes)
          .proves(small.root(), large.root());
    } catch (MissingTile | IllegalArgumentException broken) {
      return false;
    }
  }

  private byte[] tile(int level, long n, long size) {
    int width = TilePath.width(level, n, size);
    return width == 0
        ? new byte[0]
        : api.find("/epochs/" + new TilePath(level, n, width).format())
            .map(ApiResponse::bytes)
            .orElseGet(() -> new byte[0]);
  }
}
