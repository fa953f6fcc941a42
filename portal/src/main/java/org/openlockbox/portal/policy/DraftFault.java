package org.openlockbox.portal.policy;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.policy.PolicyText;

/// What is wrong with a draft and where: the path of the field in the form, or the place in the
/// text with the lines around it. The other of the two is empty.
public record DraftFault(String path, String what, int line, int column, String excerpt) {
  private static final String ROOT = "policy.";

  static DraftFault of(MalformedJson fault) {
    var path = fault.path();
    return inForm(
        path.startsWith(ROOT) ? path.substring(ROOT.length()) : "",
        String.valueOf(fault.getMessage()));
  }

  static DraftFault inForm(String path, String what) {
    return new DraftFault(path, what, 0, 0, "");
  }

  static DraftFault of(PolicyText.TextProblem problem, String text) {
    return new DraftFault(
        "",
        problem.what(),
        problem.line(),
        problem.column(),
        excerpt(text, problem.line(), problem.column()));
  }

  /// The line, the one before it, and a mark under the column.
  private static String excerpt(String text, int line, int column) {
    var lines = text.lines().toList();
    var shown =
        IntStream.rangeClosed(Math.max(1, line - 1), Math.min(line, lines.size()))
            .mapToObj(n -> "%4d  %s".formatted(n, lines.get(n - 1)));
    return String.join(
        "\n", Stream.concat(shown, Stream.of(" ".repeat(column + 5) + "^")).toList());
  }

  /// Those of them that belong into this part of the form.
  static List<DraftFault> within(List<DraftFault> places, String part) {
    return places.stream()
        .filter(
            place -> place.path.equals(part) || place.path.startsWith(part + ".") || part.isEmpty())
        .toList();
  }
}
