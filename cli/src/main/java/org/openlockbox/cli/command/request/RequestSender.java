package org.openlockbox.cli.command.request;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.Durations;
import org.openlockbox.cli.command.Requests;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.statement.Nonce;
import picocli.CommandLine.Option;

/// Sending a new request, and waiting for the answer if told so.
final class RequestSender {
  private static final Duration LONGEST_WAIT = Duration.ofHours(24);

  private final InstantSource clock;
  private final RandomGenerator random;

  @Option(
      names = "--wait",
      arity = "0..1",
      fallbackValue = "PT24H",
      paramLabel = "D",
      converter = Durations.DurationConverter.class,
      description = "Wait for the decision, at most so long (--wait=30m).")
  private @Nullable Duration wait;

  RequestSender(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /// A crash or a lost answer here leaves at most one request: the idempotency key is sent with it.
  ApiObject send(Api api, String tenant, Json.Object body) {
    return api.post(
            "/v1/tenants/" + Api.encoded(tenant) + "/requests",
            body,
            Map.of("Idempotency-Key", Nonce.random(random).value()))
        .object();
  }

  ApiObject waitIfTold(ApiObject request, Requests requests, Terminal terminal) {
    String id = request.required("id");
    if (wait == null) {
      terminal.mention(id + " is asked; " + Requests.stateInWords(request));
      terminal.mention(terminal.faint("next: ") + "lockbox request watch " + id);
      return request;
    }
    terminal.mention(id + " is asked; " + Requests.waitingFor(request) + " …");
    Duration patience = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    return requests.awaitDecision(request, clock.instant().plus(patience));
  }

  /// Asking succeeds with exit code 0; waiting succeeds only with an approval.
  ExitCode exitFor(ApiObject request, Terminal terminal) {
    if (wait == null) {
      return ExitCode.OK;
    }
    String id = request.text("id");
    if (request.text("state").equals("pending")) {
      throw new Failure(
          ExitCode.EXPIRED,
          "no decision yet: " + Requests.waitingFor(request),
          "lockbox request watch " + id);
    }
    if (!request.text("state").equals("approved")) {
      throw EndedRequest.failure(request);
    }
    terminal.mention(terminal.faint("next: ") + "lockbox psql " + id);
    return ExitCode.OK;
  }
}
