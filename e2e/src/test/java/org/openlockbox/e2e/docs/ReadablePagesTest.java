package org.openlockbox.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pages can be read at once, and compared in a terminal: the limits of CONTRIBUTING.md. What
/// measurements print, in `docs/results`, is as long as it is.
@Tag("guard")
class ReadablePagesTest {
  private static final int LONGEST_LINE = 160;
  private static final int LONGEST_SENTENCE = 30;
  private static final int LARGEST_CELL = 40;

  static Stream<Page> pages() {
    return Page.all().stream().filter(page -> !page.name().startsWith("docs/results/"));
  }

  /// Rows of tables and blocks of code may be longer.
  private static List<String> tooLong(String text) {
    var found = new ArrayList<String>();
    boolean code = false;
    for (var line : text.lines().toList()) {
      code ^= line.startsWith("```");
      boolean free = code || line.startsWith("|") || line.startsWith("    ");
      if (!free && line.codePointCount(0, line.length()) > LONGEST_LINE) {
        found.add(line);
      }
    }
    return found;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void noLineOfProseIsTooLong(Page page) {
    assertThat(tooLong(page.text())).as(page.name()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void noSentenceIsTooLong(Page page) {
    assertThat(Prose.of(page.text()).sentences())
        .as("%s: make two sentences or a list of it", page.name())
        .filteredOn(sentence -> sentence.words() > LONGEST_SENTENCE)
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void noCellOfATableIsTooLarge(Page page) {
    assertThat(Prose.of(page.text()).cells())
        .as("%s: say it below the table", page.name())
        .filteredOn(cell -> cell.words() > LARGEST_CELL)
        .isEmpty();
  }
}
