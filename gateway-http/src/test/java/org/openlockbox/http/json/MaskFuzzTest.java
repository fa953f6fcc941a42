package org.openlockbox.http.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random documents with marks in everything that must not be seen: whatever is built, broken or
/// spelt otherwise, no mark comes through. A second each run, an hour with `-Dlockbox.long=true`;
/// `-Dlockbox.seed=N` repeats one.
class MaskFuzzTest {
  private static final boolean LONG = Boolean.getBoolean("lockbox.long");
  private static final Duration FOR = LONG ? Duration.ofHours(1) : Duration.ofSeconds(1);
  private static final long SEED = Long.getLong("lockbox.seed", System.nanoTime());
  private static final int FEWEST = 500;

  /// Stands in every value that is not listed to be shown.
  private static final String MARK = "qzv";

  private static final String NUMBER = "7311";
  private static final String STRUCTURE = "{}[]\",:\\\n";
  private static final List<String> NAMES =
      List.of("id", "name", "email", "items", "a", "b", "sub", "tags", "kind");
  private static final FieldRules RULES =
      JsonMaskerTest.rules(
          Map.of(
              "id", "show",
              "items.*.id", "show",
              "items.*.sub.kind", "show",
              "items.*.email", "email",
              "items.*.name", "redact",
              "a.b", "null",
              "tags.*", "show",
              "*.id", "show"));

  private final Random random = new Random(SEED);

  @Test
  void noMarkComesThrough() throws IOException {
    System.out.println("-Dlockbox.seed=" + SEED);
    long until = System.nanoTime() + FOR.toNanos();
    int passed = 0;
    int tried = 0;
    for (; System.nanoTime() < until || tried < FEWEST; tried++) {
      boolean lines = random.nextInt(8) == 0;
      String whole = lines ? document().replace('\n', ' ') : document();
      String document = random.nextInt(4) == 0 ? broken(whole) : whole;
      var out = new ByteArrayOutputStream();
      var bytes = new ByteArrayInputStream(document.getBytes(UTF_8));
      try {
        JsonMasker masker = new JsonMasker(RULES);
        if (lines) {
          masker.lines(bytes, out);
        } else {
          masker.document(bytes, out);
        }
        passed++;
      } catch (UnfitAnswer e) {
        assertThat(e.getMessage()).doesNotContain(MARK, NUMBER);
      }
      String shown = out.toString(UTF_8);
      assertThat(shown).as(document).doesNotContain(MARK).doesNotContain(NUMBER);
    }
    System.out.println(passed + " of " + tried + " passed");
    assertThat(passed).as("documents that are not all refused").isGreaterThan(tried / 4);
  }

  private String document() {
    var text = new StringBuilder();
    value(text, new Place("", RULES.root()), 0);
    return text.toString();
  }

  /// Where a value stands, and what the rules say of it there; null where they say nothing.
  private record Place(String name, FieldRules.@Nullable FieldNode rule) {
    boolean isShown() {
      return rule != null && rule.mask().filter(FieldMask.SHOW::equals).isPresent();
    }

    Place member(String member) {
      return new Place(member, rule == null ? null : rule.members().get(member));
    }

    Place element() {
      return new Place("*", rule == null ? null : rule.elements().orElse(null));
    }
  }

  private void value(StringBuilder text, Place place, int depth) {
    switch (depth > 4 ? random.nextInt(4) : random.nextInt(9)) {
      case 0 -> scalarText(text, place);
      case 1 -> text.append(place.isShown() ? "1" : NUMBER + random.nextInt(10) + "e1");
      case 2 -> text.append(random.nextBoolean());
      case 3 -> text.append("null");
      case 4, 5 -> array(text, place, depth);
      default -> object(text, place, depth);
    }
  }

  private void scalarText(StringBuilder text, Place place) {
    text.append('"');
    spelt(text, place.isShown() ? "shown" : "x" + MARK + "@" + MARK + " 12345678" + MARK);
    text.append('"');
  }

  /// Each letter by itself or as an escape.
  private void spelt(StringBuilder text, String word) {
    for (int at = 0; at < word.length(); at++) {
      char each = word.charAt(at);
      if (random.nextInt(6) == 0) {
        text.append("\\u%04x".formatted((int) each));
      } else {
        text.append(each);
      }
    }
  }

  private void array(StringBuilder text, Place place, int depth) {
    text.append('[').append(space());
    for (int i = random.nextInt(4); i > 0; i--) {
      value(text, place.element(), depth + 1);
      text.append(i > 1 ? "," : "").append(space());
    }
    text.append(']');
  }

  private void object(StringBuilder text, Place place, int depth) {
    text.append('{').append(space());
    int from = random.nextInt(NAMES.size());
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      String name = NAMES.get((from + i) % NAMES.size());
      boolean odd = random.nextInt(10) == 0;
      text.append('"');
      spelt(text, odd ? name + MARK : name);
      text.append('"').append(space()).append(':').append(space());
      value(text, odd ? new Place(name, null) : place.member(name), depth + 1);
      text.append(i + 1 < count ? "," : "").append(space());
    }
    text.append('}');
  }

  private String space() {
    return " \n\t".substring(random.nextInt(4) == 0 ? 1 : 3, 3);
  }

  /// Something is missing, twice, or strange; but no value stands at another place by that.
  private String broken(String document) {
    if (document.isEmpty()) {
      return document;
    }
    int at = random.nextInt(document.length());
    String before = document.substring(0, at);
    char odd = (char) random.nextInt(0x250);
    return switch (random.nextInt(5)) {
      case 0 -> before;
      case 1 -> document + document;
      case 2 -> before + (STRUCTURE.indexOf(odd) < 0 ? odd : 'x') + document.substring(at);
      case 3 ->
          STRUCTURE.indexOf(document.charAt(at)) < 0 ? before + document.substring(at + 1) : before;
      default -> document + "\n" + MARK;
    };
  }
}
