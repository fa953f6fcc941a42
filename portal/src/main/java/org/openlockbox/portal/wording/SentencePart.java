package org.openlockbox.portal.wording;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A piece of a sentence: words of ours, or, strong, a value that was put in.
public record SentencePart(String text, boolean strong) {
  private static final Pattern PLACE = Pattern.compile("\\{(\\d)}");

  /// The sentence with these values in their places.
  public static List<SentencePart> sentence(String pattern, List<String> values) {
    var pieces = new ArrayList<SentencePart>();
    var places = PLACE.matcher(pattern);
    int from = 0;
    while (places.find()) {
      pieces.add(new SentencePart(pattern.substring(from, places.start()), false));
      pieces.add(new SentencePart(values.get(Integer.parseInt(places.group(1))), true));
      from = places.end();
    }
    pieces.add(new SentencePart(pattern.substring(from), false));
    return pieces.stream().filter(piece -> !piece.text.isEmpty()).toList();
  }

  /// The sentence without its emphasis.
  public static String plain(List<SentencePart> pieces) {
    var text = new StringBuilder();
    pieces.forEach(piece -> text.append(piece.text));
    return text.toString();
  }
}
