package org.openlockbox.portal.request;

import java.util.ArrayList;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.FormFaults.FieldFault;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.server.identity.Invitations.EarlierPeople;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.tenant.WaitingTenants.WaitingTenant;

/// A tenant that an operator wants to add, or whose administrator they want to invite once more, as
/// it was typed.
///
/// @param again whether it is about a tenant that waits
/// @param replace whether the people who are there leave
public record NewTenantForm(String name, String id, String admin, boolean again, boolean replace) {
  private static final int LONGEST_NAME = 100;
  static final NewTenantForm BLANK = new NewTenantForm("", "", "", false, false);

  public NewTenantForm {
    name = name.strip();
    id = id.strip();
    admin = admin.strip();
  }

  /// To invite once more to a tenant that waits.
  static NewTenantForm again(WaitingTenant waiting) {
    return new NewTenantForm(waiting.name(), waiting.id().value(), "", true, false);
  }

  /// A tenant that can be added, and whom to invite.
  record TenantToAdd(TenantId id, String name, MailAddress admin, EarlierPeople earlier) {}

  /// What is wanted, or what is wrong beside each field.
  FormResult<TenantToAdd, FieldFault> read() {
    var faults = new ArrayList<FieldFault>();
    if (name.isEmpty() || name.length() > LONGEST_NAME || !TextRules.allowsLine(name)) {
      faults.add(new FieldFault("name", "operation.add.fault.name"));
    }
    if (!isShaped(() -> new TenantId(id))) {
      faults.add(new FieldFault("id", "operation.add.fault.id"));
    }
    if (!isShaped(() -> new MailAddress(admin))) {
      faults.add(new FieldFault("admin", "operation.add.fault.admin"));
    }
    return faults.isEmpty()
        ? new FormResult.Usable<>(
            new TenantToAdd(
                new TenantId(id),
                name,
                new MailAddress(admin),
                again && replace ? EarlierPeople.LEAVE : EarlierPeople.STAY))
        : new FormResult.Faulty<>(faults);
  }

  private static boolean isShaped(Runnable making) {
    try {
      making.run();
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
