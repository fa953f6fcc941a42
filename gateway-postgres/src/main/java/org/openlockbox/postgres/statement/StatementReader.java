package org.openlockbox.postgres.statement;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.postgres.schema.CatalogNames;
import org.openlockbox.postgres.statement.ParsedStatement.NotUnderstood;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Understands SQL texts. What PostgreSQL's grammar must not be asked is refused before: a NUL,
/// where the grammar would stop reading, bytes that are not UTF-8, which it would not notice, and
/// texts beyond a bound. Texts that were read lately are remembered by their exact bytes.
final class StatementReader {
  /// The longest text that is read, in bytes.
  public static final int LONGEST = 256 * 1024;

  private static final int LONGEST_QUICK = 2 * 1024;
  private static final int LONGEST_REMEMBERED = 16 * 1024;
  private static final long MOST_REMEMBERED = 16L << 20;

  /// What several columns are set to at once: it stands in the tree for each of them, so a short
  /// text may have a long one. Behind the bracket may come blanks or a comment.
  private static final Pattern SET_TOGETHER = Pattern.compile("\\)\\s*(=|/\\*|--)");

  private final Grammar quick;
  private final Grammar slow;
  private final CatalogRewriter catalogs = new CatalogRewriter(CatalogNames.load());
  private final Map<Bytes, ParsedStatement> remembered = new LinkedHashMap<>(64, 0.75f, true);
  private long rememberedBytes;

  /// @param quick reads short texts, unless their trees may be long
  /// @param slow reads the others
  StatementReader(Grammar quick, Grammar slow) {
    this.quick = quick;
    this.slow = slow;
  }

  /// Whether it is short, remembered, or not read at all: understanding it takes no time.
  boolean isQuick(Bytes sql) {
    return isShort(sql) || sql.size() > LONGEST || !slow.isThere() || recalled(sql) != null;
  }

  private static boolean isShort(Bytes sql) {
    if (sql.size() > LONGEST_QUICK) {
      return false;
    }
    String text = new String(sql.toArray(), StandardCharsets.UTF_8);
    return !(text.toLowerCase(Locale.ROOT).contains("update") && SET_TOGETHER.matcher(text).find());
  }

  ParsedStatement understand(Bytes sql) {
    if (sql.size() > LONGEST) {
      return new NotUnderstood("it is longer than %d kB".formatted(LONGEST / 1024));
    }
    if (sql.size() > LONGEST_REMEMBERED) {
      return read(sql);
    }
    ParsedStatement known = recalled(sql);
    if (known != null) {
      return known;
    }
    ParsedStatement read = read(sql);
    remember(sql, read);
    return read;
  }

  private ParsedStatement read(Bytes sql) {
    byte[] bytes = sql.toArray();
    for (byte each : bytes) {
      if (each == 0) {
        return new NotUnderstood("it holds a NUL");
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      return new NotUnderstood("it is not UTF-8");
    }
    Grammar grammar = isShort(sql) ? quick : slow;
    return switch (grammar.read(sql)) {
      case Grammar.ParseResult.ParseTrees(Bytes json) -> understood(sql, json, grammar);
      case Grammar.ParseResult.SyntaxError(String message) ->
          new ParsedStatement.Malformed(message);
      case Grammar.ParseResult.NotParsed(String why) -> new NotUnderstood(why);
    };
  }

  private ParsedStatement understood(Bytes sql, Bytes json, Grammar grammar) {
    try {
      JsonNode tree = SyntaxTree.tree(json);
      return catalogs.of(sql, SyntaxTree.read(tree), tree, grammar);
    } catch (JacksonException e) {
      return new NotUnderstood("it is too deep to be read");
    }
  }

  private synchronized @Nullable ParsedStatement recalled(Bytes sql) {
    return remembered.get(sql);
  }

  /// A failure is not remembered: it may have been the moment's.
  private synchronized void remember(Bytes sql, ParsedStatement read) {
    switch (read) {
      case NotUnderstood _, ParsedStatement.Malformed _ -> {}
      case ParsedStatement.Understood understood -> {
        if (remembered.put(sql, understood) == null) {
          rememberedBytes += weight(sql);
        }
      }
    }
    var oldest = remembered.entrySet().iterator();
    while (rememberedBytes > MOST_REMEMBERED && oldest.hasNext()) {
      rememberedBytes -= weight(oldest.next().getKey());
      oldest.remove();
    }
  }

  /// What remembering a text takes: itself, what is sent instead, and what was read off it, which
  /// is shorter.
  private static long weight(Bytes sql) {
    return 512L + 5L * sql.size();
  }
}
