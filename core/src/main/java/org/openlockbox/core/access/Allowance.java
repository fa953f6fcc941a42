package org.openlockbox.core.access;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.limits.Limits;

/// What one approver allows: everything that was asked, or less.
///
/// `duration` counts from the start of the grant; `window` is the absolute time outside which this
/// approver allows nothing. The grant ends at whichever comes first.
public record Allowance(Level level, Window window, Duration duration, Limits limits) {
  public Allowance {
    if (!duration.isPositive()) {
      throw new IllegalArgumentException("duration is more than 0: " + duration);
    }
  }

  /// All that was asked, signed at `now`. With a quorum of one the window is exactly the grant;
  /// otherwise it leaves the other approvers until `decideBy`.
  public static Allowance asAsked(Submission submission, Instant now) {
    return of(submission, Narrowing.NONE, now);
  }

  /// What was asked, less what the approver takes away, signed at `now`.
  public static Allowance of(Submission submission, Narrowing narrowing, Instant now) {
    var terms = submission.terms();
    var duration = narrowing.duration().orElse(terms.duration());
    var start = narrowing.notBefore().orElse(terms.startIfApprovedAt(now));
    var lastStart =
        submission.quorum() == 1 || start.isAfter(submission.decideBy())
            ? start
            : terms.startIfApprovedAt(submission.decideBy());
    return new Allowance(
        narrowing.level().orElse(terms.level()),
        new Window(start, lastStart.plus(duration)),
        duration,
        narrowing.limits().over(terms.limits()));
  }

  /// Why this is more than was asked; empty if it is the same or less.
  public Optional<Refusal> widens(Submission submission) {
    var terms = submission.terms();
    if (level.isWiderThan(terms.level())) {
      return Optional.of(Refusal.LEVEL_WIDER);
    }
    var wider = limits.widerIn(terms.limits()).stream().findFirst();
    if (wider.isPresent()) {
      return wider.map(Refusal::wider);
    }
    boolean longer =
        duration.compareTo(terms.duration()) > 0
            || window.notAfter().isAfter(submission.latestEnd())
            || (submission.quorum() == 1 && window.length().compareTo(terms.duration()) > 0);
    boolean earlier = terms.notBefore().filter(window.notBefore()::isBefore).isPresent();
    return longer || earlier ? Optional.of(Refusal.TIME_WIDER) : Optional.empty();
  }

  /// What all of these approvers allow together from `now` on; empty if that is nothing.
  static Optional<GrantTerms> together(List<Allowance> allowances, Instant now) {
    var start = allowances.stream().map(a -> a.window.notBefore()).reduce(now, Allowance::later);
    var end =
        allowances.stream()
            .map(a -> earlier(a.window.notAfter(), start.plus(a.duration)))
            .reduce(Instant.MAX, Allowance::earlier);
    if (!start.isBefore(end)) {
      return Optional.empty();
    }
    return shared(allowances)
        .map(
            limits ->
                new GrantTerms(
                    allowances.stream().map(Allowance::level).reduce(Level.WRITE, Level::narrower),
                    new Window(start, end),
                    limits));
  }

  private static Optional<Limits> shared(List<Allowance> allowances) {
    var shared = Optional.of(Limits.WIDEST);
    for (Allowance allowance : allowances) {
      shared = shared.flatMap(allowance.limits::narrower);
    }
    return shared;
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
