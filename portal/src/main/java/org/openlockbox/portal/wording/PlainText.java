package org.openlockbox.portal.wording;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.LookAlikes;
import org.openlockbox.core.canonical.TextRules;

/// Words that somebody else wrote, made harmless to look at: nothing invisible, no wall of empty
/// lines, and each word that mixes letters of several alphabets is marked, because it may only look
/// like another. Links are words like all others.
public record PlainText(List<TextPart> parts, boolean lookAlike) {
  private static final Pattern EMPTY_LINES = Pattern.compile("\\n[ \\t]*(\\n[ \\t]*){2,}");

  public PlainText {
    parts = List.copyOf(parts);
  }

  /// A stretch of the text; `marked` is a word that may look like another.
  public record TextPart(String text, boolean marked) {}

  public static PlainText of(String written) {
    var text = EMPTY_LINES.matcher(TextRules.visible(written)).replaceAll("\n\n").strip();
    var parts = new ArrayList<TextPart>();
    var words = LookAlikes.WORD.matcher(text);
    int from = 0;
    while (words.find()) {
      if (LookAlikes.isOne(words.group())) {
        parts.add(new TextPart(text.substring(from, words.start()), false));
        parts.add(new TextPart(words.group(), true));
        from = words.end();
      }
    }
    parts.add(new TextPart(text.substring(from), false));
    return new PlainText(
        parts.stream().filter(part -> !part.text.isEmpty()).toList(),
        parts.stream().anyMatch(TextPart::marked));
  }

  /// The whole text, without its marks.
  public String text() {
    return parts.stream().map(TextPart::text).collect(Collectors.joining());
  }
}
