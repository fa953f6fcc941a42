package org.openlockbox.portal.policy;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.policy.PolicyText;
import org.openlockbox.portal.edge.PageContext;

/// What is wrong with a draft and where: the path of the field in the form, or the place in the
/// text with the lines around it. The other of the two is empty. `says` is the id of the message
/// about it; where that is empty, `what` has the words of what read it.
public record DraftFault(
    String path, String says, String what, int line, int column, String excerpt) {
  private static final String ROOT = "policy.";
  private static final Pattern PLACE = Pattern.compile("policy[\\w.\\[\\]]*: ");
  private static final Pattern PART =
      Pattern.compile("(rule|group|absence)s\\[(\\d{1,4})](?:\\.(.*))?");

  static DraftFault of(MalformedJson fault) {
    var path = fault.path();
    return inForm(
        path.startsWith(ROOT) ? path.substring(ROOT.length()) : "",
        PLACE.matcher(String.valueOf(fault.getMessage())).replaceFirst(""));
  }

  static DraftFault inForm(String path, String what) {
    return new DraftFault(path, "", what, 0, 0, "");
  }

  static DraftFault said(String path, String says) {
    return new DraftFault(path, says, "", 0, 0, "");
  }

  /// What is wrong, in the reader's language where we have words for it.
  public String words(PageContext frame) {
    return says.isEmpty() ? what : frame.say(says);
  }

  /// Where it is, as the form calls the place: `Rule 2, For at most`; empty where that is unknown.
  public String place(PageContext frame) {
    var part = PART.matcher(path);
    if (!part.matches()) {
      return frame.words().knows("policy.field." + path) ? frame.say("policy.field." + path) : "";
    }
    var kind = part.group(1);
    var number = frame.say("policy.field." + kind, Integer.parseInt(part.group(2)) + 1);
    var field = (kind.equals("rule") ? "policy.field." : "policy." + kind + ".") + part.group(3);
    return frame.words().knows(field) ? number + ", " + frame.say(field) : number;
  }

  static DraftFault of(PolicyText.TextProblem problem, String text) {
    return new DraftFault(
        "",
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

  /// Those of them that belong into this part of the form and have no field of their own there.
  static List<DraftFault> within(List<DraftFault> places, String part, Set<String> fields) {
    return places.stream()
        .filter(place -> place.path.equals(part) || place.path.startsWith(part + "."))
        .filter(
            place ->
                !fields.contains(
                    place.path.substring(Math.min(place.path.length(), part.length() + 1))))
        .toList();
  }
}
