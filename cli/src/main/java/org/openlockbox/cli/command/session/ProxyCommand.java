package org.openlockbox.cli.command.session;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.request.EndedRequest;
import org.openlockbox.cli.command.session.ApprovedRequestLogin.ApprovedTarget;
import org.openlockbox.cli.connect.GatewayLogin;
import org.openlockbox.cli.connect.LocalProxy;
import org.openlockbox.cli.connect.ProxiedHttp;
import org.openlockbox.cli.connect.ProxiedPostgres;
import org.openlockbox.cli.connect.ProxiedProtocol;
import org.openlockbox.cli.connect.ServiceLogin;
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
      "Of a database its password is made anew each time and opens nothing else.",
      "Of a service that speaks HTTP it takes requests with the token. Ends with the access."
    },
    footer = {"", "Example:", "  lockbox proxy R-7K3F92QX4M"})
public final class ProxyCommand extends ConnectingCommand {
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
    return switch (ApprovedRequestLogin.target(this)) {
      case ApprovedTarget.SqlTarget database -> {
        GatewayLogin login = ApprovedRequestLogin.login(this, database);
        var protocol =
            new ProxiedPostgres(login, call.surroundings().random(), terminal()::mention);
        yield serve(protocol, login.expires(), at -> tell(at, login, protocol.password()));
      }
      case ApprovedTarget.HttpTarget service -> {
        ServiceLogin login = ApprovedRequestLogin.login(this, service);
        Path directory =
            call.surroundings().config().connection(request().value()).toAbsolutePath();
        Path header = login.writeHeader(directory);
        var protocol = new ProxiedHttp(login, terminal()::mention);
        yield serve(protocol, login.expires(), at -> tell(at, login, header));
      }
    };
  }

  private ExitCode serve(ProxiedProtocol protocol, Instant expires, Consumer<LocalProxy> told) {
    try (LocalProxy proxy = LocalProxy.open(protocol, port)) {
      told.accept(proxy);
      while (call.surroundings().clock().instant().isBefore(expires)) {
        proxy.await(BETWEEN_LOOKS.toMillis());
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

  private void tell(LocalProxy proxy, GatewayLogin login, String password) {
    if (call.json()) {
      terminal()
          .print(
              CanonicalJson.text(
                  Json.object()
                      .put("host", "127.0.0.1")
                      .put("port", proxy.port())
                      .put("database", login.database())
                      .put("user", login.user())
                      .put("password", password)
                      .put("expireTime", login.expires().toString())
                      .build()));
      return;
    }
    new FieldList()
        .add("host", "127.0.0.1")
        .add("port", Integer.toString(proxy.port()))
        .add("database", login.database())
        .add("user", login.user())
        .add("password", password)
        .add("TLS", "off")
        .printTo(terminal());
    mentionEnd(login.expires());
  }

  private void tell(LocalProxy proxy, ServiceLogin login, Path header) {
    String url = "http://" + proxy;
    if (call.json()) {
      terminal()
          .print(
              CanonicalJson.text(
                  Json.object()
                      .put("url", url)
                      .put("headerFile", header.toString())
                      .put("expireTime", login.expires().toString())
                      .build()));
      return;
    }
    new FieldList()
        .add("url", url)
        .add("header", "@" + header)
        .add("TLS", "off")
        .printTo(terminal());
    mentionEnd(login.expires());
  }

  private void mentionEnd(Instant expires) {
    terminal().mention("good until " + expires + "; Ctrl-C ends it");
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
