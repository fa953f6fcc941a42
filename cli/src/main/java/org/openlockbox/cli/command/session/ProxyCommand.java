package org.openlockbox.cli.command.session;

import java.io.IOException;
import java.time.Duration;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.RequestCommand;
import org.openlockbox.cli.command.request.EndedRequest;
import org.openlockbox.cli.connect.GatewayLogin;
import org.openlockbox.cli.connect.LocalProxy;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.FieldList;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "proxy",
    description = {
      "Open a port on this machine for a program that speaks neither TLS nor SCRAM, until Ctrl-C.",
      "Its password is made anew each time and opens nothing else. Ends with the access."
    },
    footer = {"", "Example:", "  lockbox proxy R-7K3F92QX4M"})
public final class ProxyCommand extends RequestCommand {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port on 127.0.0.1 (default: a free one).")
  private int port;

  public ProxyCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    CommandContext all = call.surroundings();
    GatewayLogin login = ApprovedRequestLogin.login(this);
    try (LocalProxy door = LocalProxy.open(login, port, all.random(), terminal()::mention)) {
      tell(door, login);
      while (all.clock().instant().isBefore(login.expires())) {
        door.await(BETWEEN_LOOKS.toMillis());
        requireApproved();
      }
      throw new Failure(
          ExitCode.EXPIRED, "the login is over", "lockbox proxy " + request().value());
    } catch (IOException taken) {
      throw new Failure(
          ExitCode.FAILURE, "port " + port + " cannot be opened: " + taken.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return ExitCode.OK;
    }
  }

  private void tell(LocalProxy door, GatewayLogin login) {
    if (call.json()) {
      terminal()
          .print(
              CanonicalJson.text(
                  Json.object()
                      .put("host", "127.0.0.1")
                      .put("port", door.port())
                      .put("database", login.database())
                      .put("user", login.user())
                      .put("password", door.password())
                      .put("expireTime", login.expires().toString())
                      .build()));
      return;
    }
    new FieldList()
        .add("host", "127.0.0.1")
        .add("port", Integer.toString(door.port()))
        .add("database", login.database())
        .add("user", login.user())
        .add("password", door.password())
        .add("TLS", "off")
        .printTo(terminal());
    terminal().mention("good until " + login.expires() + "; Ctrl-C ends it");
  }

  /// A server that is away for a moment says nothing about the access; the gateway holds it anyway.
  private void requireApproved() {
    try {
      ApiObject now = requests().find(request()).object();
      if (!now.text("state").equals("approved")) {
        throw EndedRequest.failure(now);
      }
    } catch (Failure told) {
      if (told.exit() != ExitCode.UNREACHABLE) {
        throw told;
      }
    }
  }
}
