package org.openlockbox.http.catalogue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.gateway.yaml.YamlProblem;

/// Reads levels of an item of a catalogue.
///
/// @param kept the levels that its protocol can keep
/// @param none what is said where none is named
/// @param other what is said of any other word, which it has a place for
public record LevelReader(List<Level> kept, String none, String other) {
  public LevelReader {
    kept = List.copyOf(kept);
  }

  /// The levels that the item offers; at least one.
  ///
  /// @throws YamlProblem naming the line of the first mistake
  public Set<Level> all(YamlMap item) {
    Set<Level> levels = new TreeSet<>();
    item.texts("levels").forEach(word -> levels.add(level(item, "levels", word)));
    if (levels.isEmpty()) {
      throw item.problem("levels", none);
    }
    return levels;
  }

  /// The one that something needs.
  ///
  /// @throws YamlProblem naming the line of the mistake
  public Level one(YamlMap item) {
    return level(item, "level", item.text("level"));
  }

  private Level level(YamlMap item, String key, String word) {
    return kept.stream()
        .filter(level -> level.word().equals(word))
        .findFirst()
        .orElseThrow(() -> item.problem(key, other.formatted(word)));
  }
}
