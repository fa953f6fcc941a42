package org.openlockbox.server.notify;

import java.util.List;

/// One notice before it is addressed: what happened to what, for people who see it three times a
/// year. The first line says what to do; nothing in it decides anything.
///
/// `thread` is what all letters about one thing share; `step` tells the letters of a thread apart,
/// so that the same step is never told twice.
public record Letter(
    String thread, String step, String subject, List<Line> lines, List<String> closing) {
  public Letter {
    lines = List.copyOf(lines);
    closing = List.copyOf(closing);
  }

  /// A label and its value.
  public record Line(String label, String value) {}

  String text() {
    var text = new StringBuilder();
    int width = lines.stream().mapToInt(line -> line.label.length()).max().orElse(0);
    for (var line : lines) {
      text.append(line.label)
          .append(" ".repeat(width - line.label.length() + 2))
          .append(line.value.replace("\n", "\n" + " ".repeat(width + 2)))
          .append('\n');
    }
    closing.forEach(paragraph -> text.append('\n').append(paragraph).append('\n'));
    return text.toString();
  }

  String html() {
    var html = new StringBuilder("<!doctype html><html lang=\"en\"><body><table>");
    for (var line : lines) {
      html.append("<tr><th align=\"left\" valign=\"top\">")
          .append(escaped(line.label))
          .append("</th><td>")
          .append(escaped(line.value).replace("\n", "<br>"))
          .append("</td></tr>");
    }
    html.append("</table>");
    closing.forEach(
        paragraph ->
            html.append("<p>").append(escaped(paragraph).replace("\n", "<br>")).append("</p>"));
    return html.append("</body></html>").toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
