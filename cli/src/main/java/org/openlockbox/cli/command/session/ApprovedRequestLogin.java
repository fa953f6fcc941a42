package org.openlockbox.cli.command.session;

import java.time.Instant;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.Durations;
import org.openlockbox.cli.command.RequestCommand;
import org.openlockbox.cli.command.Requests;
import org.openlockbox.cli.command.request.EndedRequest;
import org.openlockbox.cli.command.request.EngineerKey;
import org.openlockbox.cli.connect.GatewayLogin;
import org.openlockbox.cli.connect.GatewayLogins;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;

/// The way from a request to a login, the same for `psql` and `connect`. Nothing is dialled and no
/// statement is signed unless the request is approved now.
final class ApprovedRequestLogin {
  private ApprovedRequestLogin() {}

  static GatewayLogin login(RequestCommand verb) {
    ApiObject request = verb.requests().find(verb.request()).object();
    if (!request.text("state").equals("approved")) {
      throw EndedRequest.failure(request);
    }
    CommandContext surroundings = verb.call.surroundings();
    Instant now = surroundings.clock().instant();
    request
        .object("grant")
        .instant("notBefore")
        .filter(start -> start.isAfter(now.plusSeconds(1)))
        .ifPresent(start -> refuseEarly(request, start, now));
    return new GatewayLogins(surroundings.random(), surroundings.clock())
        .obtain(verb.api(), Requests.path(request), request, EngineerKey.of(verb.call).signer());
  }

  private static void refuseEarly(ApiObject request, Instant start, Instant now) {
    throw new Failure(
        ExitCode.DENIED,
        request.text("id")
            + " is approved, but starts only at "
            + start
            + " ("
            + Durations.relative(start, now)
            + ")");
  }
}
