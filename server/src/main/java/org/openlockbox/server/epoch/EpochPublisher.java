package org.openlockbox.server.epoch;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.epoch.EpochProof;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.checkpoint.HeadGuard;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.head.SignedHeads;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogProof;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tile.EntryBundle;
import org.openlockbox.tlog.tile.TilePath;
import org.openlockbox.tlog.tile.TileTree;
import org.openlockbox.tlog.tile.TileWriter;
import org.openlockbox.tlog.tree.CompactRange;
import org.openlockbox.tlog.tree.Hash;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// The epoch log (docs/spec/epochs.md): every few seconds one statement over the heads of all
/// tenants' logs, at fixed slots; only this log goes to witnesses. One server at a time builds; any
/// of them goes on where another stopped.
public final class EpochPublisher {
  /// How often there is an epoch.
  static final Duration EVERY = Duration.ofSeconds(5);

  private static final Duration EARLY = Duration.ofSeconds(1);
  private static final int WIDTH = 256;

  private final EpochRows rows;
  private final TransactionTemplate transaction;
  private final LogReader reader;
  private final EpochLog log;
  private final String origin;
  private final LogKeys keys;
  private final HeadGuard guard;
  private final Witnesses witnesses;
  private final InstantSource clock;
  private final VectorCache vectors;
  private volatile boolean compared;

  public EpochPublisher(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      String logHost,
      LogKeys keys,
      HeadGuard guard,
      Witnesses witnesses,
      InstantSource clock) {
    this.rows = new EpochRows(jdbc);
    this.transaction = transaction;
    this.reader = new LogReader(jdbc);
    this.log = reader.epochs(logHost);
    this.origin = log.origin();
    this.keys = keys;
    this.guard = guard;
    this.witnesses = witnesses;
    this.clock = clock;
    this.vectors = new VectorCache(clock);
  }

  /// Builds the next epoch if it is due and nobody else does, signs the log, and asks the
  /// witnesses.
  public void round() {
    Optional<BuiltEpoch> grown = Optional.ofNullable(transaction.execute(_ -> build(false)));
    grown.ifPresent(this::publish);
  }

  /// Builds the next epoch at once.
  public void now() {
    Optional<BuiltEpoch> grown = Optional.ofNullable(transaction.execute(_ -> build(true)));
    grown.ifPresent(this::publish);
  }

  /// What was built; it is kept only when the transaction has committed, for another server may
  /// build the epoch of one that did not.
  private record BuiltEpoch(Checkpoint checkpoint, Vector vector) {}

  private @Nullable BuiltEpoch build(boolean due) {
    var locked = rows.lock(due);
    var now = clock.instant();
    if (locked.isEmpty()
        || (!due && now.isBefore(locked.get().builtAt().plus(EVERY).minus(EARLY)))) {
      return null;
    }
    var before = locked.get().range();
    if (!reader.epochs(log.logHost()).equals(log)) {
      throw new IllegalStateException("the epoch log goes on under another name: start again");
    }
    requireNewest(before);
    long epoch = before.size();
    var vector = vector(epoch, rows.takeChanged());
    var statement = vector.statement();
    var grown = TileWriter.append(before, List.of(statement.hash()));
    rows.append(statement, grown.range(), grown.growth(), now);
    var checkpoint = new Checkpoint(origin, grown.range().size(), grown.range().root());
    return new BuiltEpoch(checkpoint, vector);
  }

  /// Nobody knows more of this epoch log than there is, nor anything of the one after it.
  private void requireNewest(CompactRange before) {
    var later = log.at(log.generation() + 1).origin();
    guard.require(origin, before, size -> rows.tree(size).root());
    guard.require(later, CompactRange.empty(), size -> rows.tree(size).root());
    if (!compared) {
      witnesses.requireNotAhead(verifiers(), before, size -> rows.tree(size).root());
      witnesses.requireNotAhead(
          keys.verifiers(later), CompactRange.empty(), size -> rows.tree(size).root());
      compared = true;
    }
  }

  /// The last epoch's heads with what changed since; read anew if another server built the last.
  private Vector vector(long epoch, List<EpochRows.HeadChange> changes) {
    var before =
        vectors.find(epoch - 1).map(Vector::slots).orElseGet(() -> rows.slotsAt(epoch - 1));
    var slots = new ArrayList<>(before);
    for (var change : changes) {
      if (change.slot() == slots.size()) {
        slots.add(change.now());
      } else {
        slots.set(change.slot(), change.now());
      }
    }
    rows.keep(epoch, changes);
    return Vector.of(epoch, slots);
  }

  private void publish(BuiltEpoch built) {
    vectors.keep(built.vector());
    var checkpoint = built.checkpoint();
    guard.signed(Map.of(origin, new SignedHeads.TreeHead(checkpoint.size(), checkpoint.root())));
    var note = keys.signedByAll(origin, checkpoint.format());
    rows.publish(checkpoint.size(), note, 0);
    var lines = witnesses.cosign(note, checkpoint, () -> rows.tree(checkpoint.size()), rows::size);
    for (var line : lines.lines()) {
      note = note.with(line);
    }
    rows.publish(checkpoint.size(), note, lines.witnesses());
  }

  /// What checkpoints of the epoch log are verified with: any of these pairs, the oldest first.
  public List<LogVerifier> verifiers() {
    return keys.verifiers(origin);
  }

  /// The newest checkpoint that so many witnesses cosigned.
  public Optional<SignedNote> checkpoint(int witnessed) {
    return rows.checkpoint(witnessed).map(EpochRows.PublishedEpoch::note);
  }

  /// The bytes at a path of the C2SP read API.
  public Optional<byte[]> resource(TilePath path) {
    long size = rows.checkpoint(0).map(EpochRows.PublishedEpoch::size).orElse(0L);
    if (path.width() > TilePath.width(path.level(), path.n(), size)) {
      return Optional.empty();
    }
    if (path.isEntries()) {
      return Optional.of(EntryBundle.encode(rows.entries(path.n() * WIDTH, path.width())));
    }
    var tile = rows.tile(path.level(), path.n());
    return Optional.of(Arrays.copyOf(tile, path.width() * Hash.LENGTH));
  }

  /// The tenant's head in an epoch, by default the newest that so many witnesses have cosigned.
  public EpochProof proof(TenantId tenant, Optional<Long> wanted, int witnessed) {
    var published = rows.checkpoint(witnessed).orElseThrow(Problem::notFound);
    long last = published.size() - 1;
    long epoch = wanted.orElse(last);
    if (epoch < first() || epoch > last) {
      throw Problem.notFound();
    }
    var vector = epoch == last ? newest(last) : vectors.any(tenant, epoch, this::read);
    return proof(tenant, vector, published);
  }

  /// The number of the first epoch: entry 0 of a later generation opens it.
  private long first() {
    return log.generation() == 1 ? 0 : 1;
  }

  /// The tenant's head in the newest epoch that these witnesses have cosigned.
  Optional<EpochProof> proof(TenantId tenant, WitnessPolicy policy) {
    return rows.checkpoints().stream()
        .filter(published -> policy.witnessed(published.note()).isPresent())
        .findFirst()
        .filter(published -> rows.slotOf(tenant) < newest(published.size() - 1).slots().size())
        .map(published -> proof(tenant, newest(published.size() - 1), published));
  }

  /// That of the epoch logs of these two sizes the larger continues the smaller; nothing if they
  /// are one, or there is none so large.
  List<Hash> consistency(long one, long other) {
    long smaller = Math.min(one, other);
    long larger = Math.max(one, other);
    return smaller < 1 || smaller == larger || larger > rows.size()
        ? List.of()
        : rows.tree(larger).consistency(smaller).hashes();
  }

  private EpochProof proof(TenantId tenant, Vector vector, EpochRows.PublishedEpoch published) {
    int slot = rows.slotOf(tenant);
    if (slot >= vector.slots().size()) {
      throw Problem.notFound();
    }
    TileTree tree = rows.tree(published.size());
    return new EpochProof(
        vector.head(slot),
        vector.tree().inclusion(slot).hashes(),
        rows.statement(vector.epoch()).orElseThrow(Problem::notFound),
        LogProof.of(tree.inclusion(vector.epoch()), published.note()));
  }

  private Vector newest(long epoch) {
    return vectors.newest(epoch, this::read);
  }

  private Vector read(long epoch) {
    return Vector.of(epoch, rows.slotsAt(epoch));
  }
}
