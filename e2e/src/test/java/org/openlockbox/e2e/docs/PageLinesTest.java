package org.openlockbox.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pages can be read and compared in a terminal: no line of prose has more than 160 characters.
/// Rows of tables, blocks of code and what measurements print are as long as they are.
class PageLinesTest {
  private static final int LONGEST = 160;

  static Stream<Page> pages() {
    return Page.all().stream().filter(page -> !page.name().startsWith("docs/results/"));
  }

  private static List<String> tooLong(String text) {
    var found = new ArrayList<String>();
    boolean code = false;
    for (var line : text.lines().toList()) {
      code ^= line.startsWith("```");
      boolean free = code || line.startsWith("|") || line.startsWith("    ");
      if (!free && line.codePointCount(0, line.length()) > LONGEST) {
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
}
