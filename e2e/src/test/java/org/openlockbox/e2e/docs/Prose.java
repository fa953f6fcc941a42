package org.openlockbox.e2e.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The sentences of a Markdown page and the cells of its tables, without code, headings and
/// comments.
///
/// A piece of code in a line and the text of a link count as their words; an id or a number is one.
record Prose(List<Passage> sentences, List<Passage> cells) {
  /// Some words of a page, and the line where their paragraph or cell begins.
  record Passage(int line, String text) {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}`§]");

    long words() {
      return Stream.of(text.split("\\s+")).filter(word -> WORD.matcher(word).find()).count();
    }

    @Override
    public String toString() {
      return "line %d, %d words: %s".formatted(line, words(), text);
    }
  }

  private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?-->");
  private static final Pattern LINK = Pattern.compile("!?\\[([^\\]]*)\\]\\([^)]*\\)");
  private static final Pattern CODE = Pattern.compile("``.+?``|`[^`]*`");
  private static final Pattern EMPHASIS = Pattern.compile("\\*+");
  private static final Pattern ITEM = Pattern.compile("\\s*(?:[-*]|\\d+\\.)\\s+(.*)");
  private static final Pattern BORDER = Pattern.compile("(?<!\\\\)\\|");
  private static final Pattern END =
      Pattern.compile("(?<=[.!?])[\"”)]*\\s+(?=[\"“(]*[\\p{Lu}\\p{N}`…])");

  static Prose of(String page) {
    var reader = new Reader();
    COMMENT
        .matcher(page)
        .replaceAll(match -> "\n".repeat(lines(match.group())))
        .lines()
        .forEach(reader::line);
    reader.paragraphEnds();
    var sentences =
        Stream.concat(reader.paragraphs.stream(), reader.cells.stream())
            .flatMap(all -> Stream.of(END.split(all.text())).map(s -> new Passage(all.line(), s)))
            .toList();
    return new Prose(sentences, List.copyOf(reader.cells));
  }

  private static int lines(String text) {
    return (int) text.chars().filter(c -> c == '\n').count();
  }

  /// Goes through a page line by line.
  private static final class Reader {
    final List<Passage> paragraphs = new ArrayList<>();
    final List<Passage> cells = new ArrayList<>();
    private final StringBuilder paragraph = new StringBuilder();
    private int line;
    private int begin;
    private boolean code;

    void line(String text) {
      line++;
      if (text.strip().startsWith("```")) {
        paragraphEnds();
        code = !code;
      } else if (code) {
        return;
      } else if (text.startsWith("|")) {
        paragraphEnds();
        BORDER.splitAsStream(text).skip(1).forEach(cell -> cells.add(passage(line, cell)));
      } else if (text.isBlank() || text.startsWith("#")) {
        paragraphEnds();
      } else if (paragraph.isEmpty() && text.startsWith("    ")) {
        return;
      } else {
        var item = ITEM.matcher(text);
        boolean begins = item.matches();
        if (begins) {
          paragraphEnds();
        }
        if (paragraph.isEmpty()) {
          begin = line;
        }
        paragraph.append(begins ? item.group(1) : text.strip()).append(' ');
      }
    }

    void paragraphEnds() {
      if (!paragraph.isEmpty()) {
        paragraphs.add(passage(begin, paragraph.toString()));
        paragraph.setLength(0);
      }
    }

    private static Passage passage(int line, String text) {
      String plain = CODE.matcher(LINK.matcher(text).replaceAll("$1")).replaceAll("`x`");
      return new Passage(line, EMPHASIS.matcher(plain).replaceAll("").strip());
    }
  }
}
