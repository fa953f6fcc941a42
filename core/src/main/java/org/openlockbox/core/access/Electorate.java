package org.openlockbox.core.access;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.subject.SubjectId;

/// The tenant's keyring and policy as far as a decision needs them: how many distinct approvers
/// have to agree now, with which keys, who of them is asked, and how many of which people are
/// needed. An approval whose key has been removed since, or whose approver is asked no more, counts
/// no more, and a quorum that was raised since holds for what is still undecided.
public record Electorate(
    int quorum, Set<KeyId> keys, Set<SubjectId> asked, List<RequiredApprovals> shares) {
  /// At least so many of these people.
  public record RequiredApprovals(Set<SubjectId> people, int atLeast) {
    public RequiredApprovals {
      people = Set.copyOf(people);
    }

    public boolean isMetBy(Collection<SubjectId> approvers) {
      return approvers.stream().filter(people::contains).count() >= atLeast;
    }
  }

  public Electorate {
    keys = Set.copyOf(keys);
    asked = Set.copyOf(asked);
    shares = List.copyOf(shares);
  }

  /// Those of these approvals that count.
  public List<Approval> counted(List<Approval> approvals) {
    return approvals.stream()
        .filter(one -> keys.contains(one.key()) && asked.contains(one.approver()))
        .toList();
  }

  /// Whether these approvals, which all count, are enough where the request itself asks for this
  /// quorum.
  boolean isMetBy(List<Approval> counted, int least) {
    var people = counted.stream().map(Approval::approver).toList();
    return people.size() >= Math.max(quorum, least)
        && shares.stream().allMatch(share -> share.isMetBy(people));
  }
}
