package org.openlockbox.server.backup;

import java.util.ArrayList;
import java.util.List;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.watch.LogWatch;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.entry.LogReader.PublishedCheckpoint;

/// Checks the whole of a stored log as an auditor's `lockbox watch` does: each entry from the first
/// to the last, every signature, the published checkpoint, and that the stored tree is the tree of
/// the entries.
///
/// What was lost, and what was logged although it should not have been, stays in a log for ever. So
/// it is a remark about a log that is otherwise as it was signed, and no fault of the storage.
public final class StoredLogCheck {
  private static final int PAGE = 1_000;

  private final LogReader reader;
  private final Conditions conditions;

  public StoredLogCheck(LogReader reader, Conditions conditions) {
    this.reader = reader;
    this.conditions = conditions;
  }

  /// What was found.
  ///
  /// @param faults what makes it another log than the one that was signed
  /// @param remarks what `lockbox watch` says about its entries
  public record LogFindings(List<String> faults, List<String> remarks) {
    public LogFindings {
      faults = List.copyOf(faults);
      remarks = List.copyOf(remarks);
    }
  }

  /// Looks at the log that should be in this state.
  public LogFindings look(BackupHead expected) {
    var tenant = expected.origin().tenant();
    var watch = new LogWatch(expected.pin(), tenant, conditions);
    var faults = new ArrayList<String>();
    var remarks = new ArrayList<String>();
    var published = reader.checkpoint(tenant);
    take(expected, watch, published.map(PublishedCheckpoint::size).orElse(0L), remarks);
    published
        .flatMap(checkpoint -> watch.compare(checkpoint.note().format()))
        .ifPresent(finding -> faults.add(said(finding)));
    take(expected, watch, Long.MAX_VALUE, remarks);
    long size = expected.head().size();
    if (watch.size() != size) {
      faults.add("it has %d entries, not %d".formatted(watch.size(), size));
    } else if (!watch.root().equals(expected.head().root())) {
      faults.add("its %d entries are not those of its head".formatted(size));
    } else if (!reader.tree(tenant, size).root().equals(watch.root())) {
      faults.add("the stored tree is not that of the entries");
    }
    return new LogFindings(faults, remarks);
  }

  /// Takes the entries up to this size.
  private void take(BackupHead log, LogWatch watch, long to, List<String> remarks) {
    boolean more = watch.size() < to;
    while (more) {
      int limit = (int) Math.min(PAGE, to - watch.size());
      var page = reader.entries(log.origin().tenant(), watch.size(), limit);
      for (var entry : page) {
        watch.take(entry.bytes()).forEach(finding -> remarks.add(said(finding)));
      }
      more = !page.isEmpty() && watch.size() < to;
    }
  }

  private static String said(LogWatch.Finding finding) {
    return "entry %d: %s".formatted(finding.seq(), finding.what());
  }
}
