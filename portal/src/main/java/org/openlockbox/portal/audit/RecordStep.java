package org.openlockbox.portal.audit;

import java.util.ArrayList;
import java.util.List;

/// What the record shows in one place: one entry, or a run of statements that a tool sent by
/// itself, folded. A statement that failed or was blocked is never folded.
public record RecordStep(List<RecordLine> lines, boolean folded) {
  public RecordStep {
    lines = List.copyOf(lines);
  }

  /// These lines in their order.
  static List<RecordStep> of(List<RecordLine> lines) {
    var steps = new ArrayList<RecordStep>();
    var run = new ArrayList<RecordLine>();
    for (var line : lines) {
      if (line.isFolded()) {
        run.add(line);
      } else {
        fold(steps, run);
        steps.add(new RecordStep(List.of(line), false));
      }
    }
    fold(steps, run);
    return steps;
  }

  private static void fold(List<RecordStep> steps, List<RecordLine> run) {
    if (!run.isEmpty()) {
      steps.add(new RecordStep(run, true));
      run.clear();
    }
  }
}
