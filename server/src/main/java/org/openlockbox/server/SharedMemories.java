package org.openlockbox.server;

import java.time.InstantSource;
import org.openlockbox.server.log.memory.MemoryBucket;
import org.openlockbox.server.log.memory.MemoryTable;
import org.openlockbox.server.log.memory.SharedMemory;
import org.openlockbox.server.log.memory.SigningMemory;

/// Reaches the memories of what was signed that servers share.
public final class SharedMemories {
  private SharedMemories() {}

  /// Changes nothing there. Throws [org.openlockbox.server.log.head.SignedHeads.HeadsNotWritable]
  /// if it does not answer.
  public static SharedMemory open(SigningMemory.SharedPlace place, InstantSource clock) {
    return switch (place) {
      case SigningMemory.Table table -> MemoryTable.over(Pools.memory(table), table);
      case SigningMemory.ObjectBucket bucket -> MemoryBucket.open(bucket, clock);
    };
  }
}
