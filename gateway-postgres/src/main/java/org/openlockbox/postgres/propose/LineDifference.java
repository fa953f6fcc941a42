package org.openlockbox.postgres.propose;

import java.util.List;

/// The lines that differ between two texts, as `diff` shows them: `- ` for one that is gone, `+ `
/// for one that is new, and the number of the line where each run begins.
final class LineDifference {
  private final List<String> before;
  private final List<String> after;
  private final StringBuilder out = new StringBuilder();
  private boolean running;

  private LineDifference(List<String> before, List<String> after) {
    this.before = before;
    this.after = after;
  }

  static String of(String before, String after) {
    return new LineDifference(before.lines().toList(), after.lines().toList()).text();
  }

  private String text() {
    int head = 0;
    while (head < Math.min(before.size(), after.size())
        && before.get(head).equals(after.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < Math.min(before.size(), after.size()) - head
        && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
      tail++;
    }
    walk(head, before.size() - tail, after.size() - tail);
    return out.toString();
  }

  /// Along a longest common subsequence of what lies between equal heads and tails.
  private void walk(int head, int oldEnd, int newEnd) {
    int[][] common = new int[oldEnd - head + 1][newEnd - head + 1];
    for (int i = oldEnd - 1; i >= head; i--) {
      for (int j = newEnd - 1; j >= head; j--) {
        common[i - head][j - head] =
            before.get(i).equals(after.get(j))
                ? common[i - head + 1][j - head + 1] + 1
                : Math.max(common[i - head + 1][j - head], common[i - head][j - head + 1]);
      }
    }
    int i = head;
    int j = head;
    while (i < oldEnd || j < newEnd) {
      if (i < oldEnd && j < newEnd && before.get(i).equals(after.get(j))) {
        running = false;
        i++;
        j++;
      } else if (j == newEnd
          || (i < oldEnd && common[i - head + 1][j - head] >= common[i - head][j - head + 1])) {
        line(j, "- " + before.get(i++));
      } else {
        line(j, "+ " + after.get(j++));
      }
    }
  }

  private void line(int at, String line) {
    if (!running) {
      out.append("@@ line ").append(at + 1).append('\n');
    }
    running = true;
    out.append(line).append('\n');
  }
}
