package org.openlockbox.cli.command.session;

import static org.openlockbox.cli.command.session.ConnectCommand.quoted;

import java.nio.file.Path;
import java.util.Optional;
import org.openlockbox.cli.command.session.ConnectCommand.LoginOutput;
import org.openlockbox.cli.connect.ServiceLogin;
import org.openlockbox.cli.connect.ServiceLogin.ServiceRoute;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;

/// How to ask a service that speaks HTTP. The token stands in a file, and in no command.
final class ServiceOutput {
  private final String request;
  private final ServiceLogin login;
  private final Path directory;
  private final Path header;

  ServiceOutput(String request, ServiceLogin login, Path directory) {
    this.request = request;
    this.login = login;
    this.directory = directory;
    this.header = login.writeHeader(directory);
  }

  /// Refuses the forms that are a database's, before anything is signed.
  static void requireFits(LoginOutput form, ApiObject request) {
    switch (form) {
      case GUIDE, ENV, CURL, HTTPIE -> {}
      case URL, JDBC, SERVICE ->
          throw new Failure(
              ExitCode.USAGE,
              request.text("resource") + " is no database: it is asked by HTTP",
              "lockbox connect " + request.text("id") + " curl");
    }
  }

  void print(Terminal terminal, LoginOutput form, boolean json) {
    if (json) {
      terminal.print(json());
      return;
    }
    switch (form) {
      case CURL -> terminal.print(curl(first()));
      case HTTPIE -> terminal.print(httpie(first()));
      case ENV -> {
        terminal.print("export LOCKBOX_URL=" + quoted(login.base()));
        terminal.print("export LOCKBOX_HEADER_FILE=" + quoted(header));
        if (login.hasAuthority()) {
          terminal.print("export LOCKBOX_CA=" + quoted(ServiceLogin.authority(directory)));
        }
      }
      default -> guide(terminal);
    }
    terminal.mention("good until " + login.expires());
  }

  private void guide(Terminal terminal) {
    terminal.print(request + " is ready until " + login.expires() + " at " + login.base());
    terminal.print("");
    if (login.routes().isEmpty()) {
      terminal.print("Go there and sign in as usual: the service itself asks whether you may.");
      terminal.print("If it wants your token:   eval \"$(lockbox connect " + request + " env)\"");
      return;
    }
    terminal.print(curl(first()));
    terminal.print("");
    terminal.print("What may be asked for:");
    login
        .routes()
        .forEach(
            each ->
                terminal.print(
                    "  %-6s %s   (%s, %s)"
                        .formatted(each.method(), each.path(), each.name(), each.level())));
    terminal.print("");
    terminal.print("a browser                 lockbox open " + request);
    terminal.print("HTTPie                    lockbox connect " + request + " http");
    terminal.print("a shell's environment     eval \"$(lockbox connect " + request + " env)\"");
  }

  /// The first that only reads, or whichever comes first.
  private ServiceRoute first() {
    Optional<ServiceRoute> reads =
        login.routes().stream().filter(each -> each.method().equals("GET")).findFirst();
    return reads
        .or(() -> login.routes().stream().findFirst())
        .orElseThrow(
            () -> new Failure(ExitCode.DENIED, "nothing may be asked for at the granted level"));
  }

  private String curl(ServiceRoute route) {
    String method = route.method().equals("GET") ? "" : "-X " + route.method() + " ";
    String authority =
        login.hasAuthority() ? "--cacert " + quoted(ServiceLogin.authority(directory)) + " " : "";
    return "curl %s%s-H @%s %s"
        .formatted(method, authority, quoted(header), quoted(login.base() + route.path()));
  }

  private String httpie(ServiceRoute route) {
    String authority =
        login.hasAuthority() ? "--verify " + quoted(ServiceLogin.authority(directory)) + " " : "";
    return "http %s%s %s Authorization:@%s"
        .formatted(
            authority,
            route.method(),
            quoted(login.base() + route.path()),
            quoted(login.writeBearer(directory)));
  }

  private String json() {
    return CanonicalJson.text(
        Json.object()
            .put("url", login.base().toString())
            .put("user", login.user())
            .put("headerFile", header.toString())
            .put("caFile", login.hasAuthority() ? ServiceLogin.authority(directory).toString() : "")
            .put("expireTime", login.expires().toString())
            .put(
                "routes",
                login.routes().stream()
                    .map(
                        each ->
                            Json.object()
                                .put("name", each.name())
                                .put("method", each.method())
                                .put("path", each.path())
                                .put("level", each.level())
                                .build())
                    .toList())
            .build());
  }
}
