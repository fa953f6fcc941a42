package org.openlockbox.postgres.testing;

import java.util.List;
import java.util.Random;

/// The ways to write a name in SQL, by chance: letters of any case, quoted, with escapes of two
/// lengths, with another escape character, and with white space and comments between its parts.
public final class Spellings {
  private static final List<String> BLANKS =
      List.of("", " ", "\t", "\n", "\f", "/* a */", "/* a /* b */ '\" */", "-- a \"\n", " \r\n ");

  private final Random random;

  public Spellings(long seed) {
    this.random = new Random(seed);
  }

  /// `schema.name`, written somehow.
  public String of(String schema, String name) {
    return of(schema) + blank() + "." + blank() + of(name);
  }

  /// A lower-case name, written somehow. Before an escape character stands no comment: libpg_query
  /// takes that for an error, so such a text is refused in a guarded session.
  public String of(String name) {
    return switch (random.nextInt(5)) {
      case 0 -> anyCase(name);
      case 1 -> '"' + name + '"';
      case 2 -> unicode(name, '\\');
      case 3 -> unicode(name, '\\') + " " + anyCase("uescape") + " '\\'";
      default -> unicode(name, '!') + "\n" + anyCase("uescape") + "\t'!'";
    };
  }

  public String blank() {
    return BLANKS.get(random.nextInt(BLANKS.size()));
  }

  private String anyCase(String name) {
    var out = new StringBuilder();
    name.chars()
        .forEach(c -> out.append((char) (random.nextBoolean() ? Character.toUpperCase(c) : c)));
    return out.toString();
  }

  private String unicode(String name, char escape) {
    var out = new StringBuilder(random.nextBoolean() ? "U&\"" : "u&\"");
    name.chars()
        .forEach(
            c ->
                out.append(
                    switch (random.nextInt(3)) {
                      case 0 -> "%c%04x".formatted(escape, c);
                      case 1 -> "%c+%06X".formatted(escape, c);
                      default -> String.valueOf((char) c);
                    }));
    return out.append('"').toString();
  }
}
