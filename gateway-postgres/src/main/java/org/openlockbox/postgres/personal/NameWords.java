package org.openlockbox.postgres.personal;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The words of a name, in small letters and separated by spaces: `first_name`, `firstName` and
/// `"First Name"` are all `first name`.
public record NameWords(String text) {
  private static final Pattern BETWEEN =
      Pattern.compile("[^\\p{L}\\p{N}]+|(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})");

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

  /// What a link points to by its name: `customer id` to `customer`; empty for other columns.
  public String target() {
    List<String> words = list();
    boolean link = words.size() > 1 && List.of("id", "uuid", "key", "fk", "ref").contains(last());
    return link ? String.join(" ", words.subList(0, words.size() - 1)) : "";
  }
}
