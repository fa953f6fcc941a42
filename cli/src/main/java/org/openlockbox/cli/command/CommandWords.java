package org.openlockbox.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The words of a call, verb first. What every command takes, such as `--profile`, may also be
/// typed in front of the verb or inside it.
public final class CommandWords {
  private static final Set<String> WITH_VALUE = Set.of("--profile", "--server", "-o", "--output");
  private static final Set<String> ALONE = Set.of("-q", "--quiet");
  private static final Set<String> GROUPS =
      Set.of(
          "request",
          "req",
          "sessions",
          "gateway",
          "key",
          "tenant",
          "policy",
          "ticket",
          "settings",
          "notify",
          "webhook");

  private CommandWords() {}

  /// The same words, with the options that stand before the end of the verb moved behind it.
  public static String[] verbFirst(String... words) {
    List<String> verb = new ArrayList<>();
    List<String> options = new ArrayList<>();
    int at = 0;
    while (at < words.length && !isWhole(verb)) {
      String word = words[at++];
      if (ALONE.contains(word) || isWithItsValue(word)) {
        options.add(word);
      } else if (WITH_VALUE.contains(word) && at < words.length) {
        options.add(word);
        options.add(words[at++]);
      } else {
        verb.add(word);
      }
    }
    verb.addAll(options);
    verb.addAll(List.of(words).subList(at, words.length));
    return verb.toArray(String[]::new);
  }

  private static boolean isWhole(List<String> verb) {
    return verb.size() == 2 || (verb.size() == 1 && !GROUPS.contains(verb.getFirst()));
  }

  private static boolean isWithItsValue(String word) {
    return WITH_VALUE.stream().anyMatch(option -> word.startsWith(option + "="));
  }
}
