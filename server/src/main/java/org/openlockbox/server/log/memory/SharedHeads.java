package org.openlockbox.server.log.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.openlockbox.server.log.head.SignedHeads;
import org.openlockbox.server.log.memory.SharedMemory.ContradictedHead;

/// Signed heads in a memory that other servers sign into as well. What this server knows of it is
/// kept here: as much as was signed, or less. Each step learns what others have signed meanwhile.
public final class SharedHeads implements SignedHeads {
  private final SharedMemory memory;
  private final ConcurrentHashMap<String, TreeHead> known;

  private SharedHeads(SharedMemory memory, Map<String, TreeHead> known) {
    this.memory = memory;
    this.known = new ConcurrentHashMap<>(known);
  }

  /// Reads all that is remembered. Throws [HeadsNotWritable] if that cannot be read.
  public static SharedHeads of(SharedMemory memory) {
    return new SharedHeads(memory, memory.heads());
  }

  @Override
  public Optional<TreeHead> last(String origin) {
    return Optional.ofNullable(known.get(origin));
  }

  @Override
  public Set<String> origins() {
    return Set.copyOf(known.keySet());
  }

  @Override
  public boolean isShared() {
    return true;
  }

  /// There is no disk here that could be full.
  @Override
  public void makeRoom() {
    // whether the memory answers is asked in its place
  }

  @Override
  public void ask(Set<String> origins) {
    learn(memory.heads(origins));
  }

  @Override
  public void refresh(String origin) {
    known.putAll(memory.heads(Set.of(origin)));
  }

  @Override
  public void advance(Map<String, TreeHead> signed) {
    var news = new HashMap<>(signed);
    news.entrySet().removeIf(head -> isKnown(head.getKey(), head.getValue()));
    if (news.isEmpty()) {
      return;
    }
    try {
      learn(memory.advance(news));
    } catch (ContradictedHead other) {
      learn(other.known());
      throw other;
    }
  }

  private boolean isKnown(String origin, TreeHead head) {
    var last = known.get(origin);
    return last != null && (last.size() > head.size() || last.equals(head));
  }

  @Override
  public void recover(String origin, TreeHead from, TreeHead to) {
    memory.replace(origin, from, to);
    refresh(origin);
  }

  /// Answers may come in another order than they were given.
  private void learn(Map<String, TreeHead> now) {
    now.forEach(
        (origin, head) ->
            known.merge(origin, head, (one, other) -> one.size() > other.size() ? one : other));
  }
}
