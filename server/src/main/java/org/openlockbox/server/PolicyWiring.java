package org.openlockbox.server;

import java.security.SecureRandom;
import org.openlockbox.server.policy.KeyringChanges;
import org.openlockbox.server.policy.PolicyDrafts;
import org.openlockbox.server.policy.SignedTickets;
import org.openlockbox.server.proposal.Proposals;
import org.openlockbox.server.tenant.Store;

/// What a tenant decides about itself: its policy, its keyring and how they change.
public final class PolicyWiring {
  private final PolicyDrafts drafts;
  private final SignedTickets tickets;
  private final KeyringChanges changes;
  private final Proposals proposals;

  PolicyWiring(
      ServerConfig config,
      Store store,
      AccessWiring access,
      PeopleWiring people,
      NotificationWiring notifications,
      SecureRandom random) {
    var clock = config.clock();
    drafts = new PolicyDrafts(store, access.authorities(), clock);
    tickets = new SignedTickets(store, people.directory());
    changes =
        new KeyringChanges(
            store,
            access.steps(),
            people.directory(),
            notifications.notices(),
            access.authorities().conditions(),
            clock,
            config.web().publicUrl());
    proposals = new Proposals(store, changes, clock, random);
  }

  public PolicyDrafts drafts() {
    return drafts;
  }

  public Proposals proposals() {
    return proposals;
  }

  public SignedTickets tickets() {
    return tickets;
  }

  KeyringChanges changes() {
    return changes;
  }
}
