package org.openlockbox.postgres.differential;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Statements over the demo's helpdesk, made by the rules of `grammar.txt`: `WORD: text`, where
/// such words stand for one of their own rules, and `table.WORD: text` holds in that table only.
/// Many of the statements are wrong, on purpose.
final class RandomSql {
  private static final int DEEPEST = 4;

  private final RandomGenerator random;
  private final Map<String, List<String>> rules = new HashMap<>();
  private final Pattern words;
  private String table = "";

  RandomSql(RandomGenerator random) {
    this.random = random;
    for (String line : lines("grammar.txt")) {
      String[] rule = line.split(": ", 2);
      rules.computeIfAbsent(rule[0], _ -> new ArrayList<>()).add(rule[1]);
    }
    this.words = Pattern.compile("\\b(" + String.join("|", rules.keySet()) + ")\\b");
  }

  /// The lines of a file beside this class's tests, without empty ones and comments.
  static List<String> lines(String file) {
    try (InputStream in = RandomSql.class.getResourceAsStream("/differential/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("--"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A statement that starts with this word of the grammar.
  String next(String start) {
    table = one(of("TABLE"));
    return grown(one(of(start)), 0);
  }

  private String grown(String text, int depth) {
    return words
        .matcher(text)
        .replaceAll(word -> Matcher.quoteReplacement(grown(rule(word.group(), depth), depth + 1)));
  }

  private String rule(String word, int depth) {
    if (word.equals("TABLE")) {
      return table;
    }
    var usable = new ArrayList<>(of(table + "." + word));
    usable.addAll(of(word));
    List<String> last = usable.stream().filter(text -> !words.matcher(text).find()).toList();
    return one(depth >= DEEPEST && !last.isEmpty() ? last : usable);
  }

  private List<String> of(String word) {
    return rules.getOrDefault(word, List.of());
  }

  private String one(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }
}
