package org.openlockbox.portal.wording;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Approval;
import org.openlockbox.core.access.Review;
import org.openlockbox.core.history.Authority;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.policy.Effect;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.server.access.Authorities;
import org.openlockbox.server.request.RecordedRuling;
import org.openlockbox.server.request.StoredRequest;

/// How far a pending request is: whether the provider has to look first, who has approved, who else
/// is asked, and how many are missing. By the keyring and policy of this moment, as the next
/// decision would be judged.
public record Quorum(
    boolean unreviewed,
    List<ApprovalLine> approved,
    List<String> asked,
    int missing,
    List<String> alsoNeeded) {
  public Quorum {
    approved = List.copyOf(approved);
    asked = List.copyOf(asked);
    alsoNeeded = List.copyOf(alsoNeeded);
  }

  /// Whether this person could approve it now.
  public boolean asks(SubjectId person) {
    return !unreviewed && asked.contains(person.value());
  }

  /// One approver's yes. It does not count where its key or its approver no longer does.
  public record ApprovalLine(String approver, Instant at, boolean counts) {}

  /// Of a request in the tenant whose keyring this is; nothing once it waits no more.
  public static Optional<Quorum> of(
      PageContext frame, Authorities authorities, Keyring keyring, StoredRequest stored) {
    return stored.request() instanceof AccessRequest.Pending pending
        ? of(frame, authorities.of(stored.tenant(), keyring, pending.submission().ticket()), stored)
        : Optional.empty();
  }

  /// The same, where the authority over the request is known.
  public static Optional<Quorum> of(PageContext frame, Authority authority, StoredRequest stored) {
    return stored.request() instanceof AccessRequest.Pending pending
        ? Optional.of(of(frame, authority, stored, pending))
        : Optional.empty();
  }

  private static Quorum of(
      PageContext frame, Authority authority, StoredRequest stored, AccessRequest.Pending pending) {
    var ruling = RecordedRuling.given(authority.ruling(pending.submission(), frame.now()));
    var approvers = authority.approvers(ruling);
    var electorate = authority.keyring().electorate(approvers, stored.createdAt(), frame.now());
    var counted = Set.copyOf(electorate.counted(pending.approvals()));
    var people = counted.stream().map(Approval::approver).collect(Collectors.toSet());
    boolean denied = ruling.effect() instanceof Effect.Deny;
    int quorum = Math.max(electorate.quorum(), pending.submission().quorum());
    var also = new ArrayList<String>();
    for (int i = 0; i < approvers.atLeast().size(); i++) {
      if (!electorate.shares().get(i).isMetBy(people)) {
        var minimum = approvers.atLeast().get(i);
        also.add(frame.say("quorum.group", minimum.count(), minimum.group().value()));
      }
    }
    return new Quorum(
        pending.review() instanceof Review.Needed,
        pending.approvals().stream()
            .map(one -> new ApprovalLine(one.approver().value(), one.at(), counted.contains(one)))
            .toList(),
        denied ? List.of() : waiting(electorate.asked(), pending, people),
        denied ? 0 : Math.max(0, quorum - counted.size()),
        also);
  }

  private static List<String> waiting(
      Set<SubjectId> asked, AccessRequest.Pending pending, Set<SubjectId> approved) {
    var engineer = pending.submission().engineer();
    return asked.stream()
        .filter(one -> !approved.contains(one) && !engineer.sidesWith(one))
        .map(SubjectId::value)
        .sorted()
        .toList();
  }
}
