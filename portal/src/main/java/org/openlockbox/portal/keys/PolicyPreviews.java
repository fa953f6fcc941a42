package org.openlockbox.portal.keys;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.policy.Lint;
import org.openlockbox.core.policy.LintFinding;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.server.policy.PolicyDrafts;
import org.openlockbox.server.tenant.ProposalId;

/// What proposed policies would do, which is found by trying and may take a while. A proposal is
/// fixed to the byte and so is the keyring that it follows, so each is tried once; the last ones
/// that were tried are remembered.
final class PolicyPreviews {
  private static final int KEPT = 50;

  private final LinkedHashMap<ProposalId, PolicyPreview> looks = new LinkedHashMap<>();

  /// What is decided otherwise than by the policy before, and what stands out.
  record PolicyPreview(List<PolicyDrafts.OutlookRow> table, List<LintFinding> findings) {
    PolicyPreview {
      table = List.copyOf(table);
      findings = List.copyOf(findings);
    }

    static PolicyPreview of(Keyring before, Policy policy) {
      return new PolicyPreview(
          PolicyDrafts.table(before.policy(), policy), Lint.of(policy, before.approvers()));
    }
  }

  /// Two who ask for the same at once may both try it.
  PolicyPreview of(ProposalId id, Keyring before, Policy policy) {
    return known(id).orElseGet(() -> keep(id, PolicyPreview.of(before, policy)));
  }

  private synchronized Optional<PolicyPreview> known(ProposalId id) {
    return Optional.ofNullable(looks.get(id));
  }

  private synchronized PolicyPreview keep(ProposalId id, PolicyPreview look) {
    looks.put(id, look);
    if (looks.size() > KEPT) {
      looks.remove(looks.firstEntry().getKey());
    }
    return look;
  }
}
