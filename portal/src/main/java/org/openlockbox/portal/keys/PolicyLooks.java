package org.openlockbox.portal.keys;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.policy.Lint;
import org.openlockbox.core.policy.LintFinding;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.server.policy.Drafts;
import org.openlockbox.server.tenant.ProposalId;

/// What proposed policies would do, which is found by trying and may take a while. A proposal is
/// fixed to the byte and so is the keyring that it follows, so each is tried once; the last ones
/// that were tried are remembered.
final class PolicyLooks {
  private static final int KEPT = 50;

  private final LinkedHashMap<ProposalId, Look> looks = new LinkedHashMap<>();

  /// What is decided otherwise than by the policy before, and what stands out.
  record Look(List<Drafts.Row> table, List<LintFinding> findings) {
    Look {
      table = List.copyOf(table);
      findings = List.copyOf(findings);
    }

    static Look of(Keyring before, Policy policy) {
      return new Look(Drafts.table(before.policy(), policy), Lint.of(policy, before.approvers()));
    }
  }

  /// Two who ask for the same at once may both try it.
  Look of(ProposalId id, Keyring before, Policy policy) {
    return known(id).orElseGet(() -> keep(id, Look.of(before, policy)));
  }

  private synchronized Optional<Look> known(ProposalId id) {
    return Optional.ofNullable(looks.get(id));
  }

  private synchronized Look keep(ProposalId id, Look look) {
    looks.put(id, look);
    if (looks.size() > KEPT) {
      looks.remove(looks.firstEntry().getKey());
    }
    return look;
  }
}
