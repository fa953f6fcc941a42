package org.openlockbox.server.log.append;

import java.util.HashSet;
import java.util.Set;
import org.openlockbox.server.log.entry.Mention;

/// What a block of a log is known to mention already: no later batch of the block says it again. To
/// know less than there is does no harm; then it is said twice.
public record BlockMentions(long block, Set<Mention> mentions) {
  public static final BlockMentions NONE = new BlockMentions(-1, Set.of());

  public BlockMentions {
    mentions = Set.copyOf(mentions);
  }

  /// Whether a batch that begins at this index says nothing new by this mention.
  boolean covers(long firstSeq, Mention mention) {
    return block == Mention.block(firstSeq) && mentions.contains(mention);
  }

  /// With one more, of a batch that begins at this index: not before the newest block.
  BlockMentions and(long firstSeq, Mention mention) {
    return and(new BlockMentions(Mention.block(firstSeq), Set.of(mention)));
  }

  /// With those of the same log that were found out later.
  public BlockMentions and(BlockMentions later) {
    if (later.block != block) {
      return later.block < block ? this : later;
    }
    var all = new HashSet<>(mentions);
    all.addAll(later.mentions);
    return new BlockMentions(block, all);
  }
}
