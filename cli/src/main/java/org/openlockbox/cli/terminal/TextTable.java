package org.openlockbox.cli.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows under upper-case headings, columns as wide as their widest cell, no lines drawn.
public final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();
  private int states = -1;

  public TextTable(String... headings) {
    rows.add(List.of(headings));
  }

  /// The cells of this column are coloured as states.
  public TextTable withStates(String heading) {
    states = rows.getFirst().indexOf(heading);
    return this;
  }

  public TextTable row(String... cells) {
    rows.add(Arrays.stream(cells).map(Terminal::clean).toList());
    return this;
  }

  /// Prints the table; only the headings when there are no rows.
  public void printTo(Terminal terminal) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (int n = 0; n < rows.size(); n++) {
      List<String> row = rows.get(n);
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        boolean isState = i == states && n > 0;
        line.append(isState ? terminal.state(row.get(i)) : row.get(i));
        if (i < columns - 1) {
          line.repeat(' ', widths[i] - row.get(i).length() + 2);
        }
      }
      terminal.print(line.toString().stripTrailing());
    }
  }
}
