package org.openlockbox.portal.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.ui.Tone;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.gateway.SessionRows;
import org.openlockbox.server.request.StoredRequest;

/// Where a request, its answer, the time that was granted, its sessions and their statements lie in
/// time: lanes of a drawing that is [#WIDTH] wide. Each lane says in words what it shows, and so
/// does the whole; the words do not need the drawing.
///
/// @param times what stands below the drawing, from its left to its right edge
public record RecordLanes(List<TimeLane> lanes, List<String> times, String words) {
  public static final int WIDTH = 1000;

  /// Into how many parts the times divide the drawing.
  public static final int PARTS = 4;

  private static final int MOST_SESSIONS = 20;
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration SHORT = Duration.ofMinutes(5);

  public RecordLanes {
    lanes = List.copyOf(lanes);
    times = List.copyOf(times);
  }

  public record TimeLane(String label, String words, List<LaneBar> bars, List<LaneMark> marks) {
    public TimeLane {
      bars = List.copyOf(bars);
      marks = List.copyOf(marks);
    }
  }

  /// A stretch of time.
  public record LaneBar(int x, int width, String style, String words) {}

  /// A moment.
  public record LaneMark(int x, String style, String words) {}

  /// Of a request that was approved, with its first sessions and what of these lines lies in them.
  static Optional<RecordLanes> of(
      PageContext frame,
      StoredRequest stored,
      List<SessionRows.SessionRow> sessions,
      List<RecordLine> lines) {
    return stored.request() instanceof AccessRequest.Approved approved
        ? Optional.of(new LaneDrawing(frame, stored, approved, sessions, lines).lanes())
        : Optional.empty();
  }

  /// A time that was waited before the access would squeeze it: the drawing begins shortly before.
  private static final class LaneDrawing {
    private final PageContext frame;
    private final StoredRequest stored;
    private final AccessRequest.Approved approved;
    private final List<SessionRows.SessionRow> sessions;
    private final List<RecordLine> lines;
    private final Instant from;
    private final Duration length;

    LaneDrawing(
        PageContext frame,
        StoredRequest stored,
        AccessRequest.Approved approved,
        List<SessionRows.SessionRow> all,
        List<RecordLine> lines) {
      this.frame = frame;
      this.stored = stored;
      this.approved = approved;
      this.sessions = all.subList(0, Math.min(MOST_SESSIONS, all.size()));
      this.lines = lines;
      var window = approved.grant().terms().window();
      var until =
          sessions.stream()
              .map(this::ended)
              .reduce(window.notAfter(), (one, other) -> one.isAfter(other) ? one : other);
      var before =
          window.notBefore().minus(Duration.between(window.notBefore(), until).dividedBy(5));
      from = stored.createdAt().isAfter(before) ? stored.createdAt() : before;
      length = Duration.between(from, until);
    }

    RecordLanes lanes() {
      var lanes =
          Stream.concat(
              Stream.of(request(), access()),
              IntStream.range(0, sessions.size()).mapToObj(this::session));
      return new RecordLanes(lanes.toList(), times(), words());
    }

    private TimeLane request() {
      var asked = stored.createdAt();
      var words =
          frame.say(
              "lanes.request.words",
              frame.exact(asked),
              frame.exact(approved.at()),
              frame.words().duration(Duration.between(asked, approved.at())));
      return new TimeLane(
          frame.say("lanes.request"),
          words,
          List.of(bar(asked, approved.at(), Tone.NEWS.style(), words)),
          List.of(
              mark(
                  approved.at(),
                  "decided",
                  frame.say("lanes.decided", frame.exact(approved.at())))));
    }

    private TimeLane access() {
      var window = approved.grant().terms().window();
      var end = RequestLine.ended(stored);
      boolean over = !frame.now().isBefore(end);
      var reached = over ? end : frame.now();
      var state = RequestLine.state(stored, frame.now());
      var bars = new ArrayList<LaneBar>();
      bars.add(
          bar(
              window.notBefore(),
              reached,
              Tone.GOOD.style(),
              frame.say("lanes.force", frame.exact(window.notBefore()), frame.exact(reached))));
      if (reached.isBefore(window.notAfter())) {
        bars.add(
            bar(
                reached,
                window.notAfter(),
                "rest",
                frame.say(
                    over ? "lanes.unused" : "lanes.rest",
                    frame.exact(reached),
                    frame.exact(window.notAfter()))));
      }
      var ending = frame.say("lanes.ended", frame.exact(end), frame.say("state." + state));
      return new TimeLane(
          frame.say("lanes.access"),
          frame.say(
              "lanes.access.words",
              frame.exact(window.notBefore()),
              frame.exact(window.notAfter()),
              over ? ending : frame.say("state." + state)),
          bars,
          over ? List.of(mark(end, "ended", ending)) : List.of());
    }

    private TimeLane session(int n) {
      var session = sessions.get(n);
      var opened = session.course().opened();
      var sent = lines.stream().filter(line -> isOf(line, session)).toList();
      var words =
          frame.say(
              "lanes.session.words",
              n + 1,
              frame.exact(opened),
              frame.exact(ended(session)),
              sent.size(),
              count(sent, OutcomeKind.BLOCKED),
              count(sent, OutcomeKind.FAILED));
      return new TimeLane(
          frame.say("lanes.session", n + 1),
          words,
          List.of(bar(opened, ended(session), "session", words)),
          sent.stream()
              .map(
                  line ->
                      mark(
                          line.at(),
                          line.result().word(),
                          frame.exact(line.at()) + " " + line.told()))
              .toList());
    }

    private Instant ended(SessionRows.SessionRow session) {
      return session.course().ended().orElse(frame.now());
    }

    private static boolean isOf(RecordLine line, SessionRows.SessionRow session) {
      return line.isStatement() && line.session().equals(session.id().value());
    }

    private static long count(List<RecordLine> sent, OutcomeKind kind) {
      return sent.stream().filter(line -> line.result() == kind).count();
    }

    private String words() {
      var sent = lines.stream().filter(RecordLine::isStatement).toList();
      return frame.say(
          "lanes.words",
          sessions.size(),
          sent.size(),
          count(sent, OutcomeKind.BLOCKED),
          count(sent, OutcomeKind.FAILED),
          frame.words().duration(pause(sent.stream().map(RecordLine::at).toList())));
    }

    private static Duration pause(List<Instant> times) {
      return IntStream.range(1, times.size())
          .mapToObj(n -> Duration.between(times.get(n - 1), times.get(n)))
          .max(Duration::compareTo)
          .orElse(Duration.ZERO);
    }

    /// With the day where the drawing is as long as one, to the second where it is short.
    private List<String> times() {
      var pattern =
          length.compareTo(DAY) >= 0
              ? "d MMM HH:mm"
              : length.compareTo(SHORT) < 0 ? "HH:mm:ss" : "HH:mm";
      var format = DateTimeFormatter.ofPattern(pattern, frame.words().locale());
      return IntStream.rangeClosed(0, PARTS)
          .mapToObj(n -> from.plus(length.multipliedBy(n).dividedBy(PARTS)))
          .map(at -> format.format(at.atZone(frame.zone())))
          .toList();
    }

    private LaneBar bar(Instant begin, Instant end, String style, String words) {
      return new LaneBar(x(begin), Math.max(2, x(end) - x(begin)), style, words);
    }

    private LaneMark mark(Instant at, String style, String words) {
      return new LaneMark(x(at), style, words);
    }

    private int x(Instant at) {
      long share = Duration.between(from, at).toMillis() * WIDTH / Math.max(1, length.toMillis());
      return Math.clamp(share, 0, WIDTH);
    }
  }
}
