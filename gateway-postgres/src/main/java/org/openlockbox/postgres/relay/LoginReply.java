package org.openlockbox.postgres.relay;

import java.util.ArrayList;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.postgres.login.ServerLink;
import org.openlockbox.postgres.wire.CancelKey;
import org.openlockbox.postgres.wire.ServerMessages;

/// What lets the client in.
public final class LoginReply {
  private LoginReply() {}

  public static byte[] of(Permit permit, CancelKey cancelKey, ServerLink upstream) {
    var messages = new ArrayList<byte[]>();
    messages.add(ServerMessages.authenticationOk());
    upstream
        .parameters()
        .entrySet()
        .forEach(parameter -> messages.add(ServerMessages.parameterStatus(parameter)));
    messages.add(ServerMessages.backendKey(cancelKey));
    messages.add(ServerMessages.notice(banner(permit), ""));
    messages.add(ServerMessages.readyForQuery('I'));
    return ServerMessages.joined(messages.toArray(byte[][]::new));
  }

  private static String banner(Permit permit) {
    return "OpenLockbox: "
        + permit.request()
        + ", "
        + permit.tenant()
        + " / "
        + permit.protection().id()
        + " at level "
        + permit.level().word()
        + ", ends "
        + permit.end().at()
        + "; every statement is recorded";
  }
}
