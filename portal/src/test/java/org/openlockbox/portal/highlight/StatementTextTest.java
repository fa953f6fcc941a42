package org.openlockbox.portal.highlight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.openlockbox.portal.highlight.TokenKind.COMMENT;
import static org.openlockbox.portal.highlight.TokenKind.KEYWORD;
import static org.openlockbox.portal.highlight.TokenKind.NUMBER;
import static org.openlockbox.portal.highlight.TokenKind.PLAIN;
import static org.openlockbox.portal.highlight.TokenKind.STRING;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.wording.PlainText;

/// How statements are cut for readers, above all those that want to be cut wrongly.
final class StatementTextTest {
  private static final String PIECES = "'\"$-/*\\eEuU&bxqtag select .9$1\n\t\u0455\u202e<>;()é𝒳";

  private static List<TextSpan> cut(String sql) {
    return StatementText.sql(PlainText.of(sql));
  }

  private static List<String> of(String sql, TokenKind kind) {
    return cut(sql).stream().filter(one -> one.kind() == kind).map(TextSpan::text).toList();
  }

  private static String whole(List<TextSpan> spans) {
    return spans.stream().map(TextSpan::text).collect(Collectors.joining());
  }

  @Test
  void keyWordsStringsNumbersAndCommentsAreToldApart() {
    var sql = "select c.name, 'a''b' from customers c where id = 4711 and n > $1 -- mine";
    assertThat(of(sql, KEYWORD)).containsExactly("select", "from", "where", "and");
    assertThat(of(sql, STRING)).containsExactly("'a''b'");
    assertThat(of(sql, NUMBER)).containsExactly("4711", "$1");
    assertThat(of(sql, COMMENT)).containsExactly("-- mine");
    assertThat(of("SeLeCt t.select, \"select\", selected", KEYWORD)).containsExactly("SeLeCt");
  }

  @Test
  void whatLooksLikeTheEndOfAStringOrCommentIsNone() {
    assertThat(of("/* a /* b */ ' */ drop", COMMENT)).containsExactly("/* a /* b */ ' */");
    assertThat(of("E'a\\' -- b' drop", STRING)).containsExactly("E'a\\' -- b'");
    assertThat(of("'a\\' drop", KEYWORD)).containsExactly("drop");
    assertThat(of("$x$ ' $y$ -- $x$ drop", STRING)).containsExactly("$x$ ' $y$ -- $x$");
    assertThat(of("$$ ' $$ drop $$ -- ", STRING)).containsExactly("$$ ' $$", "$$ -- ".strip());
    assertThat(of("\"-- a\"\" 'b\" drop", KEYWORD)).containsExactly("drop");
    assertThat(of("'-- a' drop --'\ntable", KEYWORD)).containsExactly("drop", "table");
  }

  @Test
  void aWordThatOnlyLooksLikeAKeyWordIsMarkedAndIsNone() {
    var spans = cut("\u0455elect 'p\u0430ss' from t");
    assertThat(spans.getFirst()).isEqualTo(new TextSpan("\u0455elect", PLAIN, true));
    assertThat(spans).contains(new TextSpan("p\u0430ss", STRING, true));
    assertThat(of("\u0455elect 1 from t", KEYWORD)).containsExactly("from");
  }

  @Test
  void noTextLosesOrGainsACharacter() {
    var random = new Random(27);
    var pieces = PIECES.codePoints().mapToObj(Character::toString).toList();
    for (int n = 0; n < 20_000; n++) {
      var text = new StringBuilder();
      for (int length = random.nextInt(60); length > 0; length--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      var words = PlainText.of(text.toString());
      assertThat(whole(StatementText.sql(words))).as(text.toString()).isEqualTo(words.text());
      assertThat(StatementText.plain(words).stream().map(TextSpan::marked).toList())
          .isEqualTo(words.parts().stream().map(PlainText.TextPart::marked).toList());
    }
  }

  @Test
  void aTextOfVeryManyTokensIsPlainFromSomePlaceOn() {
    var spans = cut("1,".repeat(1000));
    assertThat(spans).hasSizeLessThan(500);
    assertThat(whole(spans)).isEqualTo("1,".repeat(1000));
  }

  @Test
  void noTextTakesLong() {
    var hostile =
        List.of("'", "''", "E'\\", "/*", "*/", "$a$", "$a", "\"", "-", "a.", "1e", "U&", "\u0455a");
    for (var piece : hostile) {
      var words = PlainText.of(piece.repeat(2000));
      assertTimeoutPreemptively(
          Duration.ofSeconds(5), () -> assertThat(whole(StatementText.sql(words))).isNotNull());
    }
  }
}
