package org.openlockbox.portal.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.server.gateway.SessionRows;

/// Where sessions and their statements lie in time, as coordinates of a drawing that is [#WIDTH]
/// wide. It says the same in words; the words do not need the drawing.
///
/// @param statements how many of the statements that are drawn, how many of them were blocked, and
///   how many failed of themselves
/// @param pause the longest time between two of them
public record SessionChart(
    Instant from,
    Instant until,
    List<SessionBar> bars,
    List<OperationMark> marks,
    long statements,
    long blocked,
    long failed,
    Duration pause) {
  public static final int WIDTH = 1000;
  public static final int LANE = 26;
  private static final int MOST_LANES = 20;

  public SessionChart {
    bars = List.copyOf(bars);
    marks = List.copyOf(marks);
  }

  /// A session, in a lane of its own; `open` if nobody has ended it.
  public record SessionBar(int lane, int x, int width, String session, boolean open) {}

  /// A statement.
  public record OperationMark(int lane, int x, boolean blocked) {}

  public int height() {
    return Math.max(1, bars.size()) * LANE;
  }

  /// Of these sessions, the first ones, and what of these lines lies in them.
  static SessionChart of(List<SessionRows.SessionRow> all, List<RecordLine> lines, Instant now) {
    var sessions = all.subList(0, Math.min(MOST_LANES, all.size()));
    var from = sessions.getFirst().course().opened();
    var until =
        sessions.stream()
            .map(session -> session.course().ended().orElse(now))
            .max(Instant::compareTo)
            .filter(from::isBefore)
            .orElse(from.plusSeconds(1));
    var scale = new TimeScale(from, Duration.between(from, until));
    var bars = new ArrayList<SessionBar>();
    var marks = new ArrayList<OperationMark>();
    for (int lane = 0; lane < sessions.size(); lane++) {
      var session = sessions.get(lane);
      var id = session.id().value();
      int x = scale.x(session.course().opened());
      int end = scale.x(session.course().ended().orElse(now));
      bars.add(
          new SessionBar(lane, x, Math.max(2, end - x), id, session.course().ended().isEmpty()));
      for (var line : lines) {
        if (line.isStatement() && line.session().equals(id)) {
          marks.add(new OperationMark(lane, scale.x(line.at()), line.blocked()));
        }
      }
    }
    long blocked = marks.stream().filter(OperationMark::blocked).count();
    var drawn = bars.stream().map(SessionBar::session).collect(Collectors.toSet());
    long failed =
        lines.stream()
            .filter(line -> line.isStatement() && drawn.contains(line.session()))
            .filter(line -> line.result() == OutcomeKind.FAILED)
            .count();
    return new SessionChart(from, until, bars, marks, marks.size(), blocked, failed, pause(lines));
  }

  private record TimeScale(Instant from, Duration length) {
    int x(Instant at) {
      long share = Duration.between(from, at).toMillis() * WIDTH / Math.max(1, length.toMillis());
      return Math.clamp(share, 0, WIDTH);
    }
  }

  private static Duration pause(List<RecordLine> lines) {
    var times = lines.stream().filter(RecordLine::isStatement).map(RecordLine::at).toList();
    return Stream.iterate(1, n -> n < times.size(), n -> n + 1)
        .map(n -> Duration.between(times.get(n - 1), times.get(n)))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }
}
