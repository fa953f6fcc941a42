package org.openlockbox.server;

import java.security.SecureRandom;
import org.openlockbox.server.access.Authorities;
import org.openlockbox.server.access.Comments;
import org.openlockbox.server.access.RequestSubmission;
import org.openlockbox.server.access.Steps;
import org.openlockbox.server.api.Desk;
import org.openlockbox.server.identity.Invitations;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.policy.Drafts;
import org.openlockbox.server.policy.KeyringChanges;
import org.openlockbox.server.proposal.Proposals;
import org.openlockbox.server.seal.KeyWrapping;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.WaitingTenants;

/// The parts of a server that an [Extension] builds on.
public record ServerParts(
    ServerConfig config,
    Store store,
    NotificationWiring telling,
    KeyWrapping wrapping,
    SecureRandom random,
    Rounds rounds,
    Desk desk,
    Steps steps,
    KeyringChanges changes,
    RequestSubmission asking,
    Authorities authorities,
    Comments remarks,
    Drafts drafts,
    Proposals proposals,
    People people,
    Invitations invitations,
    WaitingTenants waiting) {}
