package org.openlockbox.core.bundle;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.session.ClosingRecord;
import org.openlockbox.core.statement.Count;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.tree.Hash;

/// What happened, in log order, each line with what proves it. `pinned` says whether the genesis
/// was compared with a pin; if not, all of it is true only if that genesis is the tenant's.
/// `unclosed` sessions have no signed close here: nobody vouches that their operations are
/// complete. `closing` sums it up.
public record Story(
    TenantId tenant,
    RequestRef request,
    RequestState state,
    Hash pin,
    boolean pinned,
    long logSize,
    long operations,
    long unclosed,
    ClosingRecord closing,
    List<StoryLine> lines) {
  public Story {
    lines = List.copyOf(lines);
  }

  /// One thing that happened: when (by the server's clock), who did it, what, and what proves it.
  public record StoryLine(Instant time, String who, String what, String provenBy) {
    String text() {
      return time + "  " + who + "  " + what + "  [" + provenBy + "]";
    }
  }

  /// The story as lines, one an event, harmless to a terminal.
  public List<String> told() {
    var told = new ArrayList<String>();
    told.add("Request %s of %s: %s".formatted(request.id(), tenant, state.word()));
    lines.forEach(line -> told.add(line.text()));
    told.add(
        "%d entries proven under a checkpoint of %d; %s."
            .formatted(lines.size(), logSize, Count.of(operations, "operation")));
    if (unclosed > 0) {
      told.add("%d session(s) without a signed close: they may not be whole.".formatted(unclosed));
    }
    told.add(
        (pinned ? "Genesis is the one pinned: " : "NOT COMPARED WITH A PIN; genesis is ")
            + pin.hex());
    return told.stream().map(TextRules::shown).toList();
  }

  /// The closing record as lines, harmless to a terminal.
  List<String> summed() {
    var summed = new ArrayList<String>();
    summed.add("In short, counted from the entries above:");
    closing.lines().forEach(line -> summed.add("  " + line));
    return summed.stream().map(TextRules::shown).toList();
  }

  /// What was checked to tell it, for people who did not write the checks.
  List<String> explained() {
    var keys = pinned ? "the pin you gave" : "nothing you gave: YOU TRUST THE FILE'S OWN GENESIS";
    return """
    How this is known, from the bottom up:
    1 The file is, to the byte, what its parts make; nothing else rides along in it.
    2 Entry 0, which names the approvers' keys, the quorum, the log's key and the gateways, was
      compared with %s.
    3 The log's key signed a checkpoint: %d entries with one root. Every entry in here is in that
      tree, at exactly the number it bears: nobody can change, add, move or renumber one without
      the log's key, and whoever holds that key has to show two checkpoints that contradict.
    4 Each change of the keyring was signed by the quorum of its time.
    5 Each decision was signed by a key in force then, over the exact bytes of the request, and
      allows no more than was asked. Neither the provider nor the log can make such a signature.
    6 Each session was opened by a gateway of entry 0, for the engineer whose key signed the
      login, under decisions in force. No statement number is missing. Where the gateway signed
      the close, it signed the number of operations, units and bytes, and a chain over them all.
    7 Each text shown opens the commitment that its entry made.

    What it cannot show: access around the gateway; entries of this request that nobody put in
    here; that the times, which are the server's, are true. Whoever reads the whole log of %s
    (lockbox watch) sees every entry.
    """
        .formatted(keys, logSize, tenant)
        .lines()
        .toList();
  }
}
