package org.openlockbox.postgres.propose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.openlockbox.policy.yaml.SourcePosition;
import org.openlockbox.policy.yaml.YamlValue;

/// Additions to a YAML text that leave each letter of it where it stands: comments, order, style.
/// Each stands at the beginning of a mapping or list, in the style that this one has.
final class YamlEdits {
  private final String text;
  private final List<Addition> additions = new ArrayList<>();

  private record Addition(int offset, String text) {}

  YamlEdits(String text) {
    this.text = text;
  }

  /// Adds members to a mapping.
  ///
  /// @param lines as they stand in a block, the first not indented
  /// @param line the same without comments, within `{}`
  void addTo(YamlValue.Mapping mapping, List<String> lines, String line) {
    add(mapping.at(), mapping.members().isEmpty(), '{', lines, line);
  }

  /// Adds items to a list.
  void addTo(YamlValue.Sequence list, List<String> lines, String line) {
    add(list.at(), list.items().isEmpty(), '[', lines, line);
  }

  private void add(
      SourcePosition at, boolean empty, char opening, List<String> lines, String line) {
    int offset = offset(at);
    if (text.charAt(offset) == opening) {
      additions.add(new Addition(offset + 1, empty ? line : line + ", "));
    } else {
      String indent = "\n" + " ".repeat(at.column() - 1);
      additions.add(new Addition(offset, String.join(indent, lines) + indent));
    }
  }

  private int offset(SourcePosition at) {
    int start = 0;
    for (int line = 1; line < at.line(); line++) {
      start = text.indexOf('\n', start) + 1;
    }
    return text.offsetByCodePoints(start, at.column() - 1);
  }

  boolean isEmpty() {
    return additions.isEmpty();
  }

  /// The text with all additions; those at one place in the order in which they came.
  String apply() {
    var out = new StringBuilder(text);
    var ordered = new ArrayList<>(additions.reversed());
    ordered.sort(Comparator.comparingInt(Addition::offset).reversed());
    ordered.forEach(addition -> out.insert(addition.offset(), addition.text()));
    return out.toString();
  }
}
