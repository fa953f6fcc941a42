package org.openlockbox.postgres.statement;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.postgres.statement.SqlStatement.QualifiedName;
import org.openlockbox.postgres.statement.SqlStatement.Setting;

/// The functions and settings of the guarded profile, as `guarded-functions.txt` and
/// `guarded-settings.txt` list them beside their reasons.
final class GuardedLists {
  private static final String WRITE = "@write";

  private final Set<String> functions = new HashSet<>();
  private final Set<String> writeFunctions = new HashSet<>();
  private final Map<String, List<String>> settings = new HashMap<>();

  private GuardedLists() {}

  static GuardedLists load() {
    GuardedLists lists = new GuardedLists();
    Set<String> section = lists.functions;
    for (String line : lines("guarded-functions.txt")) {
      if (line.equals(WRITE)) {
        section = lists.writeFunctions;
      } else {
        section.addAll(List.of(line.split(" +")));
      }
    }
    for (String line : lines("guarded-settings.txt")) {
      List<String> words = List.of(line.split(" +"));
      lists.settings.put(words.getFirst(), words.subList(1, words.size()));
    }
    return lists;
  }

  /// What a list says without its reasons.
  private static List<String> lines(String file) {
    try (InputStream in = GuardedLists.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is part of this program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean lists(QualifiedName function, boolean writing) {
    String name = name(function);
    return functions.contains(name) || (writing && writeFunctions.contains(name));
  }

  /// A function's name as a list has it, if one does.
  Optional<String> listed(QualifiedName function) {
    return lists(function, true) ? Optional.of(name(function)) : Optional.empty();
  }

  private static String name(QualifiedName function) {
    return function.mayBeOfCatalog() ? function.name() : function.toString();
  }

  /// Whether the setting may be changed, and to these values.
  boolean lists(Setting setting) {
    return Optional.ofNullable(settings.get(setting.name().toLowerCase(Locale.ROOT)))
        .filter(only -> only.isEmpty() || setting.values().stream().allMatch(v -> is(only, v)))
        .isPresent();
  }

  private static boolean is(List<String> only, String value) {
    return only.contains(value.toLowerCase(Locale.ROOT));
  }
}
