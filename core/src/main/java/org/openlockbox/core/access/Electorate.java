package org.openlockbox.core.access;

import java.util.Set;
import org.openlockbox.core.signing.KeyId;

/// The tenant's keyring as far as a decision needs it: how many distinct approvers have to agree
/// now, and with which keys. An approval whose key has been removed since counts no more, and a
/// quorum that was raised since holds for what is still undecided.
public record Electorate(int quorum, Set<KeyId> keys) {
  public Electorate {
    keys = Set.copyOf(keys);
  }
}
