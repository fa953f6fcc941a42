package org.openlockbox.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("guard")
class ProseTest {
  @Test
  void aSentenceEndsWhereAReaderSeesItsEnd() {
    var prose =
        Prose.of(
            """
            # A heading. Not read
            One two `three four` [five
            six](a/b.md). *Seven* eight 1.5 – nine: ten?

            - Eleven twelve
              thirteen
            - Fourteen. `fifteen`
            <!-- not. Read. -->
            ```sh
            not. Read.
            ```
            | sixteen | seventeen \\| eighteen. Nineteen |
            |---|---|
            """);
    assertThat(prose.sentences().stream().filter(sentence -> sentence.words() > 0))
        .extracting(Prose.Passage::words)
        .containsExactly(5L, 5L, 3L, 1L, 1L, 1L, 2L, 1L);
    assertThat(prose.cells().stream().filter(cell -> cell.words() > 0))
        .extracting(Prose.Passage::line)
        .containsExactly(12, 12);
  }
}
