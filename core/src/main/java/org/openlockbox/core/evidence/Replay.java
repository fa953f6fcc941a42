package org.openlockbox.core.evidence;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.RequestId;

/// Follows one request through the proven entries about it, in log order. Every step that an honest
/// server would not have logged is [Unproven].
final class Replay {
  /// The longest that a request may wait for decisions. While it waits, the server chooses the
  /// moment at which the last of several decisions starts the clock.
  private static final Duration LONGEST_WAIT = Duration.ofDays(30);

  private final RequestId id;
  private @Nullable Standing standing;

  Replay(RequestId id) {
    this.id = id;
  }

  /// Where the request stands; empty before its entry.
  Optional<Standing> standing() {
    return Optional.ofNullable(standing);
  }

  void take(ProvenEntry proven, RequestEvent event) {
    if (!event.about().equals(id)) {
      throw Unproven.at(proven.seq(), "about another request: " + event.about());
    }
    if (standing == null) {
      standing = begin(proven, event);
      return;
    }
    standing =
        switch (standing.apply(proven.keyring(), event, proven.entry().time())) {
          case Step.Taken(var next) -> next;
          case Step.TooLate _ ->
              throw Unproven.at(proven.seq(), "too late: the request had lapsed by then");
          case Step.Refused(var why) -> throw Unproven.at(proven.seq(), why.sentence());
          case Step.Unsigned(var why) -> throw Unproven.at(proven.seq(), why);
        };
  }

  private Standing begin(ProvenEntry proven, RequestEvent event) {
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
    if (submission.quorum() != proven.keyring().quorum()) {
      throw Unproven.at(
          proven.seq(),
          "the request asks for %d approvers, the keyring for %d"
              .formatted(submission.quorum(), proven.keyring().quorum()));
    }
    return Standing.of(new RequestRef(id, proven.seq(), proven.sha256()), requested);
  }
}
