package org.openlockbox.cli.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.profile.ServerProfile;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.canonical.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Signs in at the issuer that the server knows, in a browser on any machine (RFC 8628), and keeps
/// what comes of it in a profile. Killed while it waits, it leaves nothing.
@Command(
    name = "login",
    description = "Sign in at your organisation's issuer, in a browser on any machine.",
    footer = {
      "",
      "The sign-in lasts as long as the issuer vouches for you: at most 12 hours, and one hour without a call.",
      "",
      "Example:",
      "  lockbox login --server https://lockbox.example.com"
    })
public final class LoginCommand extends LockboxCommand {
  /// RFC 8628, 3.5.
  private static final Duration SLOWER = Duration.ofSeconds(5);

  @Option(
      names = "--tenant",
      paramLabel = "ID",
      description = "Whose people you belong to; without it, the provider's.")
  private String tenant = "";

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Who signed the server's certificate (PEM), where the system does not know it.")
  private String ca = "";

  public LoginCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    String authority = ca.isEmpty() ? "" : Path.of(ca).toAbsolutePath().toString();
    ServerProfile profile = call.profileForSignIn(authority);
    try (Api server = new Api(profile)) {
      var side = Optional.of(tenant).filter(id -> !id.isEmpty());
      Json.Object asked = Json.object().putIfPresent("tenant", side).build();
      ApiObject begun = server.postAsNobody("/v1/sign-in/device", asked).object();
      show(begun);
      ApiObject done = await(server, begun);
      call.surroundings().profiles().keep(profile.withToken(done.required("token")));
      tell(profile, done);
    }
    return ExitCode.OK;
  }

  private void show(ApiObject begun) {
    terminal().say("Open this page, in a browser on any machine:");
    terminal().say("  " + Terminal.clean(begun.required("page")));
    terminal().say("and type this code:  " + Terminal.clean(begun.required("userCode")));
    if (begun.has("pageWithCode")) {
      terminal().mention("or open " + Terminal.clean(begun.text("pageWithCode")));
    }
  }

  /// Asks again and again. The server ends it when the code is too old.
  private static ApiObject await(Api server, ApiObject begun) {
    Json.Object handle =
        Json.object()
            .put("issuer", begun.required("issuer"))
            .put("wrappedBy", begun.required("wrappedBy"))
            .put("device", begun.required("device"))
            .build();
    Duration every = Duration.ofSeconds(Math.max(1, begun.number("every").orElse(5)));
    while (true) {
      Requests.pause(every);
      ApiObject looked = server.postAsNobody("/v1/sign-in/device/look", handle).object();
      if (looked.text("state").equals("signed-in")) {
        return looked;
      }
      if (looked.isTrue("slower")) {
        every = every.plus(SLOWER);
      }
    }
  }

  private void tell(ServerProfile profile, ApiObject done) {
    if (call.json()) {
      Json.Object told =
          Json.object()
              .put("profile", profile.name())
              .put("server", profile.server())
              .put("subject", done.required("subject"))
              .build();
      terminal().print(new ApiObject(told).line());
    } else {
      terminal()
          .mention(
              "signed in as %s; the profile is %s"
                  .formatted(Terminal.clean(done.required("name")), profile.name()));
    }
  }
}
