package org.openlockbox.server.proposal;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.Invitations;
import org.openlockbox.server.identity.Invitations.EarlierPeople;
import org.openlockbox.server.identity.Invitations.Invitation;
import org.openlockbox.server.identity.Invitations.Inviter;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.tenant.WaitingTenants;

/// How a tenant begins in the portal: an operator creates one that waits, and its administrator is
/// invited to bring its founders together. The operator can neither found it nor be one of them.
public final class FoundingInvitations {
  private static final Set<Role> FIRST = Set.of(Role.TENANT_ADMIN, Role.APPROVER);

  private final Provider provider;
  private final WaitingTenants waiting;
  private final Invitations invitations;

  public FoundingInvitations(Provider provider, WaitingTenants waiting, Invitations invitations) {
    this.provider = provider;
    this.waiting = waiting;
    this.invitations = invitations;
  }

  /// Lets the tenant wait and invites its administrator; once more invites another one. Until the
  /// founding nothing of the tenant is signed, so whoever is there can be removed without loss.
  /// Inside the caller's transaction: no invitation, no tenant.
  ///
  /// @param page the language of the page on which they are invited
  public Invitation invite(
      TenantId tenant,
      String name,
      MailAddress administrator,
      EarlierPeople earlier,
      Optional<Locale> page) {
    waiting.begin(tenant, name);
    var by = new Inviter(provider.name(), page);
    return invitations.inviteFirst(tenant, name, administrator, FIRST, by, earlier);
  }

  /// Takes back what is still open, now that the tenant is founded: from here on its own people
  /// alone invite.
  void end(TenantId tenant) {
    invitations.withdrawOf(tenant, provider.name());
  }
}
