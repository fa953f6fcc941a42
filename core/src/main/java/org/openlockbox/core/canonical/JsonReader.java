package org.openlockbox.core.canonical;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.TreeMap;

/// Recursive-descent reader of RFC 8259 with our limits, checked before anything is built: size,
/// UTF-8, then depth while reading. Refuses fractions, exponents, `-0`, duplicate members, lone
/// surrogates and banned code points, also when they are written as escapes.
final class JsonReader {
  private static final int MAX_DIGITS = 16;

  private final String source;
  private int at;

  private JsonReader(String source) {
    this.source = source;
  }

  static Json read(byte[] utf8, int maxBytes) {
    if (utf8.length > maxBytes) {
      throw new MalformedJson("longer than %d bytes".formatted(maxBytes));
    }
    var reader = new JsonReader(decode(utf8));
    reader.skipSpace();
    var value = reader.value(0);
    reader.skipSpace();
    if (reader.at < reader.source.length()) {
      throw reader.malformed("something follows the document");
    }
    return value;
  }

  private static String decode(byte[] utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedJson("not UTF-8", e);
    }
  }

  private Json value(int depth) {
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> new Json.Text(text());
      case 't' -> word("true", new Json.Bool(true));
      case 'f' -> word("false", new Json.Bool(false));
      case 'n' -> word("null", new Json.Null());
      default -> number();
    };
  }

  private Json object(int depth) {
    enter(depth);
    var members = new TreeMap<String, Json>();
    skipSpace();
    if (taken('}')) {
      return new Json.Object(members);
    }
    do {
      skipSpace();
      var name = text();
      skipSpace();
      take(':');
      skipSpace();
      if (members.putIfAbsent(name, value(depth + 1)) != null) {
        throw malformed("a member occurs twice");
      }
      skipSpace();
    } while (taken(','));
    take('}');
    return new Json.Object(members);
  }

  private Json array(int depth) {
    enter(depth);
    var items = new ArrayList<Json>();
    skipSpace();
    if (taken(']')) {
      return new Json.Array(items);
    }
    do {
      skipSpace();
      items.add(value(depth + 1));
      skipSpace();
    } while (taken(','));
    take(']');
    return new Json.Array(items);
  }

  private void enter(int depth) {
    if (depth >= Json.MAX_DEPTH) {
      throw malformed("nested more than %d levels deep".formatted(Json.MAX_DEPTH));
    }
    at++;
  }

  private Json number() {
    int start = at;
    taken('-');
    int digits = at;
    while (at < source.length() && isDigit(source.charAt(at))) {
      at++;
    }
    int count = at - digits;
    boolean leadingZero = count > 1 && source.charAt(digits) == '0';
    boolean minusZero = count == 1 && digits > start && source.charAt(digits) == '0';
    if (count == 0 || count > MAX_DIGITS || leadingZero || minusZero) {
      at = start;
      throw malformed("neither a value nor a whole number");
    }
    if (at < source.length() && ".eE".indexOf(source.charAt(at)) >= 0) {
      throw malformed("a number is whole and has no exponent");
    }
    return new Json.Number(Long.parseLong(source.substring(start, at)));
  }

  /// Reads a text's spelling. Which code points it may have is decided by the value made of it.
  private String text() {
    take('"');
    int run = at;
    while (peek() >= 0x20 && peek() != '"' && peek() != '\\') {
      at++;
    }
    if (peek() == '"') {
      return source.substring(run, at++);
    }
    var unescaped = new StringBuilder();
    while (true) {
      char c = peek();
      if (c == '"' || c == '\\') {
        unescaped.append(source, run, at);
        at++;
        if (c == '"') {
          return unescaped.toString();
        }
        unescaped.append(escape());
        run = at;
      } else if (c < 0x20) {
        throw malformed("a control character inside a text");
      } else {
        at++;
      }
    }
  }

  private char escape() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw malformed("no such escape");
    };
  }

  private char unicode() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      char c = peek();
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw malformed("an escape has four hexadecimal digits");
      }
      code = code * 16 + digit;
      at++;
    }
    return (char) code;
  }

  private Json word(String word, Json value) {
    if (!source.startsWith(word, at)) {
      throw malformed("no such value");
    }
    at += word.length();
    return value;
  }

  private char peek() {
    if (at >= source.length()) {
      throw malformed("the document ends too early");
    }
    return source.charAt(at);
  }

  private boolean taken(char c) {
    boolean here = at < source.length() && source.charAt(at) == c;
    if (here) {
      at++;
    }
    return here;
  }

  private void take(char c) {
    if (!taken(c)) {
      throw malformed("'" + c + "' expected");
    }
  }

  private void skipSpace() {
    while (at < source.length() && " \t\r\n".indexOf(source.charAt(at)) >= 0) {
      at++;
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private MalformedJson malformed(String why) {
    return new MalformedJson("%s (at character %d)".formatted(why, at));
  }
}
