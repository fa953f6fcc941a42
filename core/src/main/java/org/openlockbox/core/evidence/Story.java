package org.openlockbox.core.evidence;

import java.time.Instant;
import java.util.List;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.Hash;

/// What happened, in log order, each line with what proves it. `pinned` says whether the genesis
/// was compared with a pin; if not, all of it is true only if that genesis is the tenant's.
/// `unclosed` sessions have no signed close here: nobody vouches that their statements are
/// complete.
public record Story(
    TenantId tenant,
    RequestRef request,
    RequestState state,
    Hash pin,
    boolean pinned,
    long logSize,
    long statements,
    long unclosed,
    List<Line> lines) {
  public Story {
    lines = List.copyOf(lines);
  }

  /// One thing that happened: when (by the server's clock), who did it, what, and what proves it.
  public record Line(Instant time, String who, String what, String provenBy) {}

  /// The story as a text of one line per event.
  public String text() {
    var text = new StringBuilder();
    text.append("Request %s of %s: %s%n".formatted(request.id(), tenant, state.word()));
    for (var line : lines) {
      text.append("%s  %s  %s  [%s]%n".formatted(line.time, line.who, line.what, line.provenBy));
    }
    return text.append(end()).toString();
  }

  private String end() {
    return "%d entries proven under a checkpoint of %d; %d statements.%n%s%s %s%n"
        .formatted(
            lines.size(),
            logSize,
            statements,
            unclosed == 0
                ? ""
                : "%d session(s) without a signed close: they may not be whole.%n"
                    .formatted(unclosed),
            pinned ? "Genesis is the one pinned:" : "NOT COMPARED WITH A PIN; genesis is",
            pin.hex());
  }
}
