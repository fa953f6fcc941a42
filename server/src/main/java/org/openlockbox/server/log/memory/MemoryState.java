package org.openlockbox.server.log.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.server.log.head.SignedHeads.TreeHead;
import org.openlockbox.tlog.tree.Hash;

/// What steps of a memory amount to, one after the other: each server that takes the same steps in
/// the same order has the same state. A step is text of lines:
///
/// ```text
/// begun                                        somebody keeps what the gateway authority signed
/// said <line>                                  the authority signed this
/// head <origin> <size> <root>                  this was signed, unless a larger one is known
/// back <origin> <size> <root> <size> <root>    the second takes the place of the first
/// ```
final class MemoryState {
  private final Map<String, TreeHead> heads = new HashMap<>();
  private final Set<String> said = new LinkedHashSet<>();
  private boolean begun;

  Map<String, TreeHead> heads() {
    return Map.copyOf(heads);
  }

  Map<String, TreeHead> heads(Set<String> origins) {
    var some = new HashMap<>(heads);
    some.keySet().retainAll(origins);
    return some;
  }

  Optional<List<String>> statements() {
    return begun ? Optional.of(List.copyOf(said)) : Optional.empty();
  }

  /// The step that remembers these; empty if all of it is known.
  Optional<String> advancing(Map<String, TreeHead> signed) {
    var step = new ArrayList<String>();
    signed.forEach(
        (origin, head) -> {
          if (isNews(origin, head)) {
            step.add(line(origin, head));
          }
        });
    return joined(step);
  }

  Optional<String> replacing(String origin, TreeHead from, TreeHead to) {
    return from.equals(heads.get(origin))
        ? Optional.of("back %s %s %s\n".formatted(origin, text(from), text(to)))
        : Optional.empty();
  }

  Optional<String> keeping(Collection<String> statements) {
    var step = new ArrayList<String>();
    if (!begun) {
      step.add("begun");
    }
    statements.stream().filter(line -> !said.contains(line)).forEach(it -> step.add("said " + it));
    return joined(step);
  }

  /// All of it, as one step of a state that knows nothing.
  String whole() {
    var step = new ArrayList<String>();
    if (begun) {
      step.add("begun");
    }
    said.forEach(line -> step.add("said " + line));
    heads.forEach((origin, head) -> step.add(line(origin, head)));
    return joined(step).orElse("");
  }

  private static Optional<String> joined(List<String> lines) {
    return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines) + "\n");
  }

  private boolean isNews(String origin, TreeHead head) {
    var known = heads.get(origin);
    return known == null || known.size() < head.size();
  }

  private static String line(String origin, TreeHead head) {
    return "head %s %s".formatted(origin, text(head));
  }

  private static String text(TreeHead head) {
    return head.size() + " " + head.root().base64();
  }

  /// Throws [IllegalStateException] if the step cannot be understood; then this state is of no use.
  void take(String step) {
    for (var line : step.lines().toList()) {
      try {
        takeLine(line);
      } catch (RuntimeException e) {
        throw new IllegalStateException("the shared memory is damaged at: " + line, e);
      }
    }
  }

  private void takeLine(String line) {
    var parts = line.split(" ", -1);
    switch (parts[0]) {
      case "begun" -> begun = true;
      case "said" -> said.add(line.substring("said ".length()));
      case "head" -> {
        var head = head(parts, 2);
        if (isNews(parts[1], head)) {
          heads.put(parts[1], head);
        }
      }
      case "back" -> heads.replace(parts[1], head(parts, 2), head(parts, 4));
      default -> throw new IllegalStateException("unknown word");
    }
  }

  private static TreeHead head(String[] parts, int at) {
    return new TreeHead(Long.parseLong(parts[at]), Hash.ofBase64(parts[at + 1]));
  }
}
