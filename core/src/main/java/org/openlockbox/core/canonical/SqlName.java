package org.openlockbox.core.canonical;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// How texts write the name of a table or column: as PostgreSQL's `quote_ident`. A plain name
/// stands as it is, any other one in quotation marks, each mark in it doubled: `tickets`,
/// `"Tenant"`, `crm."Tenant"`. Each name has one such text, and no text means two names. Key words
/// count as plain: this is no SQL.
public final class SqlName {
  /// The longest text in a document: two names of 63 quotation marks.
  private static final int LONGEST = 257;

  private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

  private SqlName() {}

  /// Whether it stands without quotation marks: PostgreSQL folds nothing in it.
  public static boolean isPlain(String identifier) {
    return PLAIN.matcher(identifier).matches();
  }

  /// The text of these identifiers, from the outermost to the innermost.
  public static String of(String... identifiers) {
    var text = new StringBuilder();
    for (String identifier : identifiers) {
      text.append(text.isEmpty() ? "" : ".");
      text.append(isPlain(identifier) ? identifier : quoted(identifier));
    }
    return text.toString();
  }

  /// The same as a value or key of YAML.
  public static String inYaml(String... identifiers) {
    String text = of(identifiers);
    return text.contains("\"") ? "'" + text.replace("'", "''") + "'" : text;
  }

  /// The identifier in quotation marks, as SQL takes any.
  public static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /// The identifiers that a text consists of; empty for a text that [#of] does not write.
  public static Optional<List<String>> identifiers(String text) {
    var found = new ArrayList<String>();
    int end = -1;
    do {
      int at = end + 1;
      end = end(text, at);
      if (end == at) {
        return Optional.empty();
      }
      String written = text.substring(at, end);
      String identifier =
          written.charAt(0) == '"'
              ? written.substring(1, written.length() - 1).replace("\"\"", "\"")
              : written;
      if (identifier.isEmpty() || !of(identifier).equals(written)) {
        return Optional.empty();
      }
      found.add(identifier);
    } while (end < text.length() && text.charAt(end) == '.');
    return end == text.length() ? Optional.of(List.copyOf(found)) : Optional.empty();
  }

  /// Whether a document may name a table so: by its name, or with its schema.
  public static boolean isOfDocument(String text) {
    return text.length() <= LONGEST
        && (isPlain(text)
            || identifiers(text)
                .filter(names -> names.size() <= 2)
                .filter(names -> names.stream().allMatch(SqlName::fitsDocument))
                .isPresent());
  }

  /// Whether documents can hold the identifier: one line that can be seen, of characters of which
  /// all verifiers know the order.
  public static boolean fitsDocument(String identifier) {
    return TextRules.allowsLine(identifier)
        && identifier.codePoints().allMatch(Character::isBmpCodePoint);
  }

  /// The text of a name among words of ours: nothing in it looks like the end of the quotation.
  public static String shown(String text) {
    if (!text.contains("\"")) {
      return TextRules.shown(text);
    }
    return identifiers(text).orElse(List.of(text)).stream()
        .map(one -> isPlain(one) ? one : '"' + TextRules.withoutQuotes(TextRules.shown(one)) + '"')
        .reduce((schema, name) -> schema + "." + name)
        .orElse("");
  }

  /// Where the identifier that begins at a place ends: behind its letters, or its second quotation
  /// mark; at the place itself if none begins there.
  private static int end(String text, int at) {
    if (at >= text.length()) {
      return at;
    }
    if (text.charAt(at) != '"') {
      int dot = text.indexOf('.', at);
      return dot < 0 ? text.length() : dot;
    }
    for (int i = at + 1; i < text.length(); i++) {
      if (text.charAt(i) == '"') {
        if (i + 1 == text.length() || text.charAt(i + 1) != '"') {
          return i + 1;
        }
        i++;
      }
    }
    return at;
  }
}
