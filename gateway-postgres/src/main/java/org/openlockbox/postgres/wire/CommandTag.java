package org.openlockbox.postgres.wire;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// The text of a CommandComplete message, such as `SELECT 3`.
public final class CommandTag {
  private static final int MAX = 64;

  private static final Pattern CHANGES =
      Pattern.compile("(?:INSERT \\d+|UPDATE|DELETE|MERGE|COPY) (\\d{1,15})");
  private static final String COPY = "COPY ";

  private CommandTag() {}

  /// How many rows the command changed. COPY says the same of those that it wrote and read.
  ///
  /// @param read whether rows came out of it
  public static long changed(String tag, boolean read) {
    var said = CHANGES.matcher(tag);
    return said.matches() && !(read && tag.startsWith(COPY)) ? Long.parseLong(said.group(1)) : 0;
  }

  public static String parse(byte[] body) {
    int end = 0;
    while (end < body.length && body[end] != 0 && end < MAX) {
      end++;
    }
    return new String(body, 0, end, StandardCharsets.US_ASCII).replaceAll("[^\\x20-\\x7e]", "?");
  }
}
