package org.openlockbox.postgres.personal;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The words of a name, in small letters and separated by spaces: `first_name`, `firstName` and
/// `"First Name"` are all `first name`.
public record NameWords(String text) {
  private static final Pattern BETWEEN =
      Pattern.compile("[^\\p{L}\\p{N}]+|(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})");

  private static final Set<String> KEYS = Set.of("id", "uuid", "guid", "key", "fk", "ref");
  private static final Set<String> NOISE = Set.of("entity", "table", "tbl", "t", "record", "tb");
  private static final Pattern KIND = Pattern.compile(" (type|kind|class)$");
  private static final int SHORTEST_LINK = 4;

  public static NameWords of(String name) {
    return new NameWords(
        String.join(
            " ",
            BETWEEN
                .splitAsStream(name)
                .map(word -> word.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .toList()));
  }

  List<String> list() {
    return List.of(text.split(" ", -1));
  }

  String last() {
    return list().getLast();
  }

  boolean has(Pattern pattern) {
    return pattern.matcher(text).find();
  }

  /// The name of a table for one of its rows: `user addresses` becomes `user address`.
  public NameWords singular() {
    return new NameWords(singular(text));
  }

  private static String singular(String words) {
    if (words.endsWith("ies") && words.length() > 4) {
      return words.substring(0, words.length() - 3) + "y";
    }
    if (words.matches(".*(sses|shes|ches|xes|zes|uses)")) {
      return words.substring(0, words.length() - 2);
    }
    boolean plural = words.endsWith("s") && !words.matches(".*(ss|us|is)");
    return plural ? words.substring(0, words.length() - 1) : words;
  }

  /// Each word for one thing: `user addresses` is of `user` and `address`.
  public List<String> singulars() {
    return list().stream().map(NameWords::singular).toList();
  }

  /// The words of a table's name for one row, without those that some applications put into every
  /// name and that say nothing.
  public List<String> row() {
    List<String> all = singulars();
    List<String> telling = all.stream().filter(word -> !NOISE.contains(word)).toList();
    return telling.isEmpty() ? all : telling;
  }

  /// What a link points to by its name: `customer id` to `customer`, `userid` to `user`; empty for
  /// other columns.
  public String target() {
    List<String> words = list();
    if (KEYS.contains(singular(last()))) {
      return String.join(" ", words.subList(0, words.size() - 1));
    }
    boolean joined = words.size() == 1 && text.endsWith("id") && text.length() > SHORTEST_LINK;
    return joined ? text.substring(0, text.length() - 2) : "";
  }

  /// What a column names the table of: `owner type` that of `owner`; empty for other columns.
  public String kindOf() {
    return KIND.matcher(text).find() ? KIND.matcher(text).replaceFirst("") : "";
  }
}
