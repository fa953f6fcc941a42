package org.openlockbox.portal.highlight;

import java.util.ArrayList;
import java.util.List;
import org.openlockbox.portal.wording.PlainText;

/// The text of a statement in spans for a page. Their texts, one after the other, are the
/// [PlainText], to the character: a span changes how a stretch looks and nothing else. No kind is
/// fainter than the rest, so a text that is cut wrongly hides nothing.
public final class StatementText {
  /// A page of many statements stays small, whatever they are made of: what follows so many spans
  /// looks plain.
  private static final int MOST = 400;

  private StatementText() {}

  /// As SQL, with key words, strings, numbers and comments told apart.
  public static List<TextSpan> sql(PlainText words) {
    var spans = new ArrayList<TextSpan>();
    var tokens = SqlTokens.of(words.text()).iterator();
    var token = new SqlTokens.SqlToken("", TokenKind.PLAIN);
    int used = 0;
    for (var part : words.parts()) {
      for (int at = 0; at < part.text().length(); ) {
        if (used == token.text().length()) {
          token = tokens.next();
          used = 0;
        }
        int length = Math.min(part.text().length() - at, token.text().length() - used);
        var kind = spans.size() < MOST ? token.kind() : TokenKind.PLAIN;
        add(spans, new TextSpan(part.text().substring(at, at + length), kind, part.marked()));
        at += length;
        used += length;
      }
    }
    return List.copyOf(spans);
  }

  /// As it is, with nothing told apart but words that may look like others.
  public static List<TextSpan> plain(PlainText words) {
    return words.parts().stream()
        .map(part -> new TextSpan(part.text(), TokenKind.PLAIN, part.marked()))
        .toList();
  }

  /// Two neighbours that look the same are one.
  private static void add(List<TextSpan> spans, TextSpan next) {
    if (!spans.isEmpty()
        && spans.getLast().kind() == next.kind()
        && spans.getLast().marked() == next.marked()) {
      var last = spans.removeLast();
      spans.add(new TextSpan(last.text() + next.text(), next.kind(), next.marked()));
    } else {
      spans.add(next);
    }
  }
}
