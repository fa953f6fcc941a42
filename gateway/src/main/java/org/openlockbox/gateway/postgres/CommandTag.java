package org.openlockbox.gateway.postgres;

import java.nio.charset.StandardCharsets;

/// The text of a CommandComplete message, such as `SELECT 3`.
public final class CommandTag {
  private static final int MAX = 64;

  private CommandTag() {}

  public static String parse(byte[] body) {
    int end = 0;
    while (end < body.length && body[end] != 0 && end < MAX) {
      end++;
    }
    return new String(body, 0, end, StandardCharsets.US_ASCII).replaceAll("[^\\x20-\\x7e]", "?");
  }
}
