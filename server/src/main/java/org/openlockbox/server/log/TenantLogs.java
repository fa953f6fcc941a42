package org.openlockbox.server.log;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.database.LocalCommit;
import org.openlockbox.server.log.append.BatchRows;
import org.openlockbox.server.log.append.BlockMentions;
import org.openlockbox.server.log.append.LogBatch;
import org.openlockbox.server.log.append.LogRows;
import org.openlockbox.server.log.append.LogTexts;
import org.openlockbox.server.log.checkpoint.CheckpointSigner;
import org.openlockbox.server.log.checkpoint.Checkpoints;
import org.openlockbox.server.log.checkpoint.HeadGuard;
import org.openlockbox.server.log.entry.CounterLine;
import org.openlockbox.server.log.head.SignedHeads;
import org.openlockbox.server.problem.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Appends to tenant logs (C2SP tlog-tiles, one log a tenant). Always inside the caller's
/// transaction: the state a step changes and its entry are committed together or not at all. The
/// locked head row gives each tenant one order, whichever server appends.
public final class TenantLogs {
  private static final Logger LOG = LoggerFactory.getLogger(TenantLogs.class);

  private final LogRows rows;
  private final BatchRows batches;
  private final BatchRows atOnce;
  private final RememberedHeads remembered;
  private final HeadGuard guard;
  private final LogTexts texts;
  private final Checkpoints checkpoints;
  private final InstantSource clock;
  private final CheckpointSigner signer;
  private final EndCounter endings;

  /// @param appends connections for what is written at once, in no transaction of the caller's
  /// @param signer is told, after the commit, of each log that grew without a new checkpoint
  /// @param endings is told, after the commit, that access has ended
  public TenantLogs(
      JdbcClient jdbc,
      JdbcClient appends,
      HeadGuard guard,
      LogTexts texts,
      InstantSource clock,
      CheckpointSigner signer,
      EndCounter endings) {
    this.rows = new LogRows(jdbc);
    this.batches = new BatchRows(jdbc);
    this.atOnce = new BatchRows(appends);
    this.texts = texts;
    this.guard = guard;
    this.remembered = new RememberedHeads(guard);
    this.checkpoints = new Checkpoints(jdbc, signer.pairs(), guard);
    this.clock = clock;
    this.signer = signer;
    this.endings = endings;
  }

  /// Makes the empty log of a new tenant; its first entry must be the genesis, in the same
  /// transaction.
  public void create(TenantId tenant) {
    texts.begin(tenant);
  }

  /// Locks the head of this tenant's log until the transaction ends, for entries of the server.
  public LogBatch lock(TenantId tenant) {
    requireTransaction();
    return batch(rows.lock(List.of(tenant)), Set.of());
  }

  /// Locks the heads of these lines' tenants, in one order for every caller, until the transaction
  /// ends, for entries of these boots of gateways. Take it before any other row of these tenants.
  public LogBatch lock(Set<CounterLine> lines) {
    requireTransaction();
    return batch(rows.lock(tenants(lines)), lines);
  }

  /// The same for those logs that nobody else has locked; never waits.
  public LogBatch lockFree(Set<CounterLine> lines) {
    requireTransaction();
    return batch(rows.lockFree(tenants(lines)), lines);
  }

  /// These lines' logs as this server left them, with nothing locked and nothing read: to be
  /// written by [#writeAtOnce]. Empty if it does not remember all of them.
  public Optional<LogBatch> remembered(Set<CounterLine> lines) {
    var logs = LogBatch.byTenant();
    var counters = new HashMap<CounterLine, Long>();
    for (var line : lines) {
      var known = remembered.of(line.tenant());
      var counter = known.map(it -> it.counters().get(line));
      if (counter.isEmpty()) {
        return Optional.empty();
      }
      logs.computeIfAbsent(line.tenant(), _ -> taken(known.orElseThrow()));
      counters.put(line, counter.get());
    }
    return Optional.of(new LogBatch(logs, counters, now()));
  }

  /// Locks this tenant's log until the transaction ends, as each step of a request and each erasure
  /// does, and names the newest data key.
  public int lockKey(TenantId tenant) {
    requireTransaction();
    return rows.lock(List.of(tenant)).stream()
        .findFirst()
        .map(LogRows.LockedHead::keyNo)
        .orElseThrow(Problem::notFound);
  }

  private static void requireTransaction() {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("a log is appended to only inside a transaction");
    }
  }

  private static Set<TenantId> tenants(Set<CounterLine> lines) {
    return lines.stream().map(CounterLine::tenant).collect(Collectors.toSet());
  }

  private LogBatch batch(List<LogRows.LockedHead> heads, Set<CounterLine> lines) {
    var logs = LogBatch.byTenant();
    heads.forEach(locked -> logs.put(locked.head().tenant(), guarded(locked)));
    var counters = lines.isEmpty() ? Map.<CounterLine, Long>of() : rows.counters(lines);
    return new LogBatch(logs, counters, now());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private LogBatch.LockedLog guarded(LogRows.LockedHead locked) {
    var head = locked.head();
    var origin = head.origin().value();
    var refusal =
        guard.isBehind(origin, head.range())
            ? Optional.of(guard.refused(origin, head.range().size()))
            : Optional.<Problem>empty();
    return taken(locked, BlockMentions.NONE, refusal);
  }

  private static LogBatch.LockedLog taken(RememberedHeads.RememberedHead known) {
    return taken(known.locked(), known.mentioned(), Optional.empty());
  }

  private static LogBatch.LockedLog taken(
      LogRows.LockedHead locked, BlockMentions mentioned, Optional<Problem> refusal) {
    return new LogBatch.LockedLog(
        locked.head().origin(),
        locked.head().range(),
        locked.keyringSeq(),
        locked.keyNo(),
        mentioned,
        refusal);
  }

  /// Stores the batch and leaves its checkpoints to the signer.
  public void write(LogBatch batch) {
    var changes = batch.changes();
    writeAll(changes);
    afterCommit(() -> changes.forEach(change -> signer.note(change.growth())));
  }

  /// Stores those logs of the batch that still are as it has them, in one statement that is a
  /// transaction of its own: durable on return. Of the others nothing is stored, nor of any if a
  /// text is too large for that. If this throws, the transaction may or may not have committed.
  ///
  /// @return the logs that were stored; their checkpoints are left to the signer
  public Set<TenantId> writeAtOnce(LogBatch batch) {
    if (batch.hasLargeTexts()) {
      return Set.of();
    }
    var changes = batch.changes();
    var left = changes.stream().map(LogBatch.LogChange::tenant).collect(Collectors.toSet());
    try {
      var written = writtenAtOnce(changes);
      left.removeAll(written);
      for (var change : changes) {
        if (written.contains(change.tenant())) {
          remembered.committed(change);
          signer.note(change.growth());
        }
      }
      return written;
    } finally {
      remembered.forget(left);
    }
  }

  /// A key that is taken: another server has appended in this very moment. Then nothing is stored.
  private Set<TenantId> writtenAtOnce(List<LogBatch.LogChange> changes) {
    try {
      return atOnce.write(changes, texts.sealed(changes));
    } catch (DuplicateKeyException taken) {
      LOG.debug("another server appends to one of {} logs", changes.size(), taken);
      return Set.of();
    }
  }

  private void writeAll(List<LogBatch.LogChange> changes) {
    var written = batches.write(changes, texts.sealed(changes));
    if (written.size() != changes.size()) {
      throw new IllegalStateException(
          "wrote %d of %d logs".formatted(written.size(), changes.size()));
    }
    afterCommit(() -> changes.forEach(remembered::committed));
  }

  private static void afterCommit(Runnable work) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            work.run();
          }
        });
  }

  /// Stores the batch with a signed checkpoint over it: they appear together. Where this server
  /// cannot sign ([SigningState]), a batch that only ends access is stored all the same, and its
  /// checkpoint follows; any other is refused and leaves nothing.
  public void writeSigned(LogBatch batch) {
    var changes = batch.changes();
    if (changes.isEmpty()) {
      return;
    }
    boolean signs = canSign(batch, changes);
    if (!signs && !batch.onlyEnds()) {
      throw Problem.cannotSign();
    }
    writeAll(changes);
    signs = signs && checkpoints.canSign(changes);
    if (!signs && !batch.onlyEnds()) {
      throw Problem.cannotSign();
    }
    Map<String, SignedHeads.TreeHead> signed = Map.of();
    if (signs) {
      signed = checkpoints.publishWithin(changes);
    } else {
      checkpoints.require(changes);
      afterCommit(() -> changes.forEach(change -> signer.note(change.growth())));
    }
    TransactionSynchronizationManager.registerSynchronization(
        new CheckpointAfterCommit(signed, batch.endsAccess()));
  }

  /// What ends access waits for no other machine.
  private boolean canSign(LogBatch batch, List<LogBatch.LogChange> changes) {
    return batch.onlyEnds()
        ? guard.canRememberAtOnce()
        : guard.canRemember(
            changes.stream()
                .map(change -> change.log().origin.value())
                .collect(Collectors.toSet()));
  }

  /// What is committed has taken effect, so nothing here may turn the answer into a failure.
  private final class CheckpointAfterCommit implements LocalCommit {
    private final Map<String, SignedHeads.TreeHead> heads;
    private final boolean endsAccess;

    CheckpointAfterCommit(Map<String, SignedHeads.TreeHead> heads, boolean endsAccess) {
      this.heads = heads;
      this.endsAccess = endsAccess;
    }

    /// Whoever looks sees the checkpoint: no other one of this size may follow.
    @Override
    public void committedHere() {
      remember();
    }

    @Override
    public void afterCommit() {
      if (endsAccess) {
        endings.another();
      }
      remember();
    }

    /// The answer was lost: others may see the checkpoint, now or soon.
    @Override
    public void afterCompletion(int status) {
      if (status == STATUS_UNKNOWN && !heads.isEmpty()) {
        signer.doubt(heads);
      }
    }

    private void remember() {
      try {
        guard.signed(heads);
      } catch (SignedHeads.HeadsNotWritable e) {
        LOG.debug("{} is owed: {}", heads.keySet(), e.toString());
      } catch (IllegalStateException e) {
        LOG.error("TWO HISTORIES ARE SIGNED: {}. Compare servers and backups.", e.getMessage());
      }
    }
  }
}
