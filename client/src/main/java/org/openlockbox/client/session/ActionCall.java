package org.openlockbox.client.session;

import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.application.ApplicationAction;

/// What an engineer wants the application to do.
///
/// @param action as the catalogue lists it
/// @param tenant whose data it is about
/// @param text all of it in one line, as the customer shall read it: with what is searched for and
///   changed. It is sealed beside the log and can be erased
/// @param input what was sent along, such as the new values; kept in the same way. May be empty,
///   and has at most [#MOST_INPUT] bytes
public record ActionCall(ApplicationAction action, TenantId tenant, String text, Bytes input) {
  /// The longest text that is allowed.
  public static final int LONGEST = 2_000;

  /// The most that may be sent along.
  public static final int MOST_INPUT = 64 * 1024;

  /// Without anything that was sent along.
  public ActionCall(ApplicationAction action, TenantId tenant, String text) {
    this(action, tenant, text, Bytes.empty());
  }

  /// Without the text: it may say what customers are searched for.
  @Override
  public String toString() {
    return action + " of " + tenant;
  }
}
