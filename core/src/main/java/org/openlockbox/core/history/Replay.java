package org.openlockbox.core.history;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.log.ProvenEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.Unproven;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.policy.Ruling;
import org.openlockbox.core.statement.RequestRef;

/// Follows one request through the proven entries about it, in log order. Every step that an honest
/// server would not have logged is [Unproven].
public final class Replay {
  /// The longest that a request may wait for decisions. While it waits, the server chooses the
  /// moment at which the last of several decisions starts the clock.
  private static final Duration LONGEST_WAIT = Duration.ofDays(30);

  private final RequestId id;
  private final Conditions conditions;
  private final Tickets tickets;
  private @Nullable VerifiedRequest standing;

  /// `tickets` have taken every entry before the one that is given here.
  public Replay(RequestId id, Conditions conditions, Tickets tickets) {
    this.id = id;
    this.conditions = conditions;
    this.tickets = tickets;
  }

  /// Where the request stands; empty before its entry.
  public Optional<VerifiedRequest> standing() {
    return Optional.ofNullable(standing);
  }

  public void take(ProvenEntry proven, RequestEvent event) {
    if (!event.about().equals(id)) {
      throw Unproven.at(proven.seq(), "about another request: " + event.about());
    }
    if (standing == null) {
      standing = begin(proven, event);
      return;
    }
    standing =
        switch (standing.apply(authority(proven), event, proven.entry().time())) {
          case EventCheck.NextState(var next) -> next;
          case EventCheck.AlreadyLapsed _ ->
              throw Unproven.at(proven.seq(), "too late: the request had lapsed by then");
          case EventCheck.NotAllowed(var why) -> throw Unproven.at(proven.seq(), why.sentence());
          case EventCheck.Unsigned(var why) -> throw Unproven.at(proven.seq(), why);
        };
  }

  /// The keyring, its settings or its policy changed.
  public void take(ProvenEntry proven) {
    if (standing != null && proven.keyring().settings().access() == ProviderAccess.OFF) {
      standing = standing.switchedOff(proven.entry().time());
    }
  }

  private Authority authority(ProvenEntry proven) {
    return new Authority(proven.keyring(), conditions, tickets);
  }

  private VerifiedRequest begin(ProvenEntry proven, RequestEvent event) {
    if (!(event instanceof RequestEvent.Requested requested)) {
      throw Unproven.at(proven.seq(), "before the request it is about");
    }
    var submission = requested.submission();
    if (!submission.tenant().equals(proven.keyring().genesis().tenant())) {
      throw Unproven.at(proven.seq(), "the request is for another tenant");
    }
    if (submission.decideBy().isAfter(proven.entry().time().plus(LONGEST_WAIT))) {
      throw Unproven.at(proven.seq(), "the request waits for more than 30 days");
    }
    requireAsPolicySays(proven, submission);
    var ref = RequestRef.of(submission, proven.seq(), proven.sha256());
    return VerifiedRequest.of(ref, proven.entry().time(), requested);
  }

  private void requireAsPolicySays(ProvenEntry proven, Submission submission) {
    var authority = authority(proven);
    var approvers =
        switch (authority.ruling(submission, proven.entry().time())) {
          case Ruling.ByRule given -> authority.approvers(given);
          case Ruling.NotEvaluable(var rule, var why) ->
              throw Unproven.at(
                  proven.seq(),
                  "rule %s of the policy cannot be judged: %s (use `lockbox verify`)"
                      .formatted(rule, why));
        };
    if (submission.quorum() != approvers.quorum()) {
      throw Unproven.at(
          proven.seq(),
          "the request asks for %d approvers, the policy for %d"
              .formatted(submission.quorum(), approvers.quorum()));
    }
    var latest = approvers.respondWithin().map(proven.entry().time()::plus);
    if (latest.filter(submission.decideBy()::isAfter).isPresent()) {
      throw Unproven.at(proven.seq(), "the request waits longer than the policy says");
    }
  }
}
