package org.openlockbox.gateway.testing;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.limits.Amount;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.MemoryLog;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.gateway.controlplane.GatewayEntry;
import org.openlockbox.gateway.controlplane.HistoryAnswer;
import org.openlockbox.tlog.tile.TileTree;

/// A control plane that shows one tenant's log, and may leave entries out of histories, or lose
/// entries of the log.
public final class ShownLog extends LogAlone {
  private final TenantFixture tenant;
  private MemoryLog log;
  private Predicate<LogEntry> hidden = entry -> false;

  public ShownLog(TenantFixture tenant) {
    this.tenant = tenant;
    this.log = tenant.log();
  }

  /// From now on no history has these entries.
  public void hide(Predicate<LogEntry> entries) {
    hidden = entries;
  }

  /// The log goes on from its first `size` entries.
  public MemoryLog setBack(long size) {
    MemoryLog shorter = new MemoryLog(log.origin(), tenant.logSigner(), tenant.clock());
    for (long i = 0; i < size; i++) {
      shorter.appendRaw(log.entry(i));
    }
    log = shorter;
    return shorter;
  }

  /// Writes what was lost into the log that goes on, as `lockbox recover` does.
  public void admitLossOf(MemoryLog whole) {
    log.append(
        new RecoveryEvent.EntriesLost(
            whole.size(), whole.tree(whole.size()).root(), "the disk was lost"));
  }

  @Override
  public HistoryAnswer history(TenantId of, RequestId request, OptionalLong seen) {
    if (seen.isPresent() && seen.getAsLong() > log.size()) {
      throw new LogShrunk("log_shrunk");
    }
    TileTree tree = log.tree(log.size());
    List<LoggedEntry> entries =
        tenant.historyOf(log, request).stream()
            .filter(entry -> !hidden.test(LogEntry.parse(entry.entry())))
            .toList();
    return new HistoryAnswer(
        log.checkpoint(),
        entries,
        seen.isPresent()
            ? Optional.of(tree.consistency(seen.getAsLong()).hashes())
            : Optional.empty(),
        List.of());
  }

  @Override
  public Amount claim(TenantId of, RequestId request, Amount amount) {
    return amount;
  }

  @Override
  public void append(List<GatewayEntry> entries) {
    throw new NoReply("nothing is recorded here");
  }
}
