package org.openlockbox.server.tenant;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.server.log.head.SignedHeads.HeadsNotWritable;
import org.openlockbox.server.log.memory.SharedMemory;
import org.openlockbox.server.tenant.GatewayStatements.NumberedStatement;

/// What the gateway authority signed, in a memory that all servers share, and as much of it here as
/// this server has heard of.
public final class SharedStatements implements GatewayStatementCopy {
  private final SharedMemory memory;

  /// Replaced as a whole: leases ask for it, and wait for no memory.
  private volatile Map<Envelope, NumberedStatement> kept = Map.of();

  private SharedStatements(SharedMemory memory, List<String> lines) {
    this.memory = memory;
    hear(lines);
  }

  /// Reads what is there. Throws [IllegalStateException] if nobody has begun to keep it, or if it
  /// cannot be understood: what was revoked must not be forgotten by accident.
  public static SharedStatements open(SharedMemory memory) {
    return new SharedStatements(
        memory,
        memory
            .statements()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "what the gateway authority signed is missing in the memory that has the"
                            + " signed heads. Bring it back from a copy. Without one: lockbox"
                            + " remember, then revoke again what was revoked since the backup of"
                            + " the database")));
  }

  /// The same where nothing was signed yet: begins to keep it.
  public static SharedStatements begin(SharedMemory memory) {
    if (memory.statements().isEmpty()) {
      memory.keep(List.of());
    }
    return open(memory);
  }

  private void hear(List<String> lines) {
    with(lines.stream().map(line -> StatementLine.parse("the shared memory", line)).toList());
  }

  private void with(Collection<NumberedStatement> signed) {
    var all = new LinkedHashMap<>(kept);
    signed.forEach(each -> all.putIfAbsent(each.event().envelope(), each));
    kept = Collections.unmodifiableMap(all);
  }

  @Override
  public List<NumberedStatement> all() {
    return List.copyOf(kept.values());
  }

  @Override
  public synchronized boolean isWhole() {
    try {
      var there = memory.statements().orElse(List.of());
      hear(there);
      return there.size() >= kept.size();
    } catch (HeadsNotWritable e) {
      return false;
    }
  }

  @Override
  public synchronized void keep(Collection<NumberedStatement> signed) {
    with(signed);
    memory.keep(kept.values().stream().map(StatementLine::format).toList());
  }
}
