package org.openlockbox.portal.audit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.server.log.entry.StoredEntry;

/// What was done under a request, counted entry by entry: sessions, what was sent in them, what
/// reached the engineer, and what was blocked or failed. For one thread.
public final class LiveFigures {
  private long sessions;
  private long operations;
  private long units;
  private long blocked;
  private long failed;
  private final Map<SentOperation, OutcomeKind> running = new HashMap<>();

  private record SentOperation(SessionId session, long n) {}

  static LiveFigures of(List<StoredEntry> entries) {
    var figures = new LiveFigures();
    figures.take(entries);
    return figures;
  }

  /// Counts these too. An outcome whose operation came before all that was taken is one of an
  /// operation that went well until then.
  void take(List<StoredEntry> entries) {
    for (var entry : entries) {
      switch (entry.read().body()) {
        case SessionEvent.Opened _ -> sessions++;
        case SessionEvent.Operation sent -> take(sent);
        case SessionEvent.Outcome came -> take(came);
        case StreamPart _,
            SessionEvent.Closed _,
            SessionEvent.Lost _,
            SessionEvent.RemovalFailed _,
            RequestEvent _,
            KeyringEvent _,
            TicketEvent _,
            RecoveryEvent _,
            ErasedEvent _ -> {}
      }
    }
  }

  /// Counts these too, and says by how much each figure of a page grows with them.
  Map<String, Long> more(List<StoredEntry> entries) {
    var before = named();
    take(entries);
    var more = named();
    before.forEach((name, figure) -> more.merge(name, -figure, Long::sum));
    more.values().removeIf(figure -> figure == 0);
    return more;
  }

  private Map<String, Long> named() {
    return new TreeMap<>(
        Map.of(
            "sessions", sessions,
            "operations", operations,
            "units", units,
            "blocked", blocked,
            "failed", failed));
  }

  private void take(SessionEvent.Operation sent) {
    operations++;
    var kind = sent.refused().isPresent() ? OutcomeKind.BLOCKED : OutcomeKind.FINE;
    count(kind, 1);
    running.put(new SentOperation(sent.of(), sent.n()), kind);
  }

  private void take(SessionEvent.Outcome came) {
    units += came.units();
    var before = running.remove(new SentOperation(came.of(), came.n()));
    var now = OutcomeKind.of(came.status());
    if (before == null) {
      count(now, 1);
    } else {
      count(before, -1);
      count(before.and(now), 1);
    }
  }

  private void count(OutcomeKind kind, int more) {
    switch (kind) {
      case BLOCKED -> blocked += more;
      case FAILED -> failed += more;
      case FINE -> {}
    }
  }

  public long sessions() {
    return sessions;
  }

  /// Statements, requests or commands.
  public long operations() {
    return operations;
  }

  /// Rows, objects or files.
  public long units() {
    return units;
  }

  public long blocked() {
    return blocked;
  }

  public long failed() {
    return failed;
  }
}
