package org.openlockbox.cli.command.session;

import java.time.Instant;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.Durations;
import org.openlockbox.cli.command.request.EndedRequest;
import org.openlockbox.cli.connect.GatewayLogin;
import org.openlockbox.cli.connect.GatewayLogins;
import org.openlockbox.cli.connect.ServiceLogin;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.operation.Protocol;

/// The way from a request to a login, the same for `psql`, `proxy` and `connect`. Nothing is
/// dialled and no statement is signed unless the request is approved now.
final class ApprovedRequestLogin {
  private static final String HTTP = Protocol.HTTP.word();

  private ApprovedRequestLogin() {}

  /// What a request is for that is approved now.
  sealed interface ApprovedTarget {
    record SqlTarget(ApiObject request) implements ApprovedTarget {}

    record HttpTarget(ApiObject request) implements ApprovedTarget {}
  }

  /// The login to a database; refused for anything else.
  static GatewayLogin login(ConnectingCommand verb) {
    return switch (target(verb)) {
      case ApprovedTarget.SqlTarget database -> login(verb, database);
      case ApprovedTarget.HttpTarget(var request) ->
          throw new Failure(
              ExitCode.USAGE,
              request.text("resource") + " is no database: it is asked by HTTP",
              "lockbox connect " + request.text("id"));
    };
  }

  static GatewayLogin login(ConnectingCommand verb, ApprovedTarget.SqlTarget database) {
    return logins(verb).obtain(verb.connectCall(database.request()));
  }

  static ServiceLogin login(ConnectingCommand verb, ApprovedTarget.HttpTarget service) {
    return logins(verb).obtainToken(verb.connectCall(service.request()));
  }

  private static GatewayLogins logins(ConnectingCommand verb) {
    CommandContext surroundings = verb.call.surroundings();
    return new GatewayLogins(surroundings.random(), surroundings.clock());
  }

  /// @throws Failure unless it is approved now
  static ApprovedTarget target(ConnectingCommand verb) {
    ApiObject request = verb.requests().find(verb.request()).object();
    if (!request.text("state").equals("approved")) {
      throw EndedRequest.failure(request);
    }
    Instant now = verb.call.surroundings().clock().instant();
    request
        .object("grant")
        .instant("notBefore")
        .filter(start -> start.isAfter(now.plusSeconds(1)))
        .ifPresent(start -> refuseEarly(request, start, now));
    return request.text("protocol").equals(HTTP)
        ? new ApprovedTarget.HttpTarget(request)
        : new ApprovedTarget.SqlTarget(request);
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
