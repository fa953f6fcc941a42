package org.openlockbox.cli.command.session;

import java.nio.file.Path;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.session.ApprovedRequestLogin.ApprovedTarget;
import org.openlockbox.cli.connect.GatewayLogin;
import org.openlockbox.cli.connect.LoginFiles;
import org.openlockbox.cli.connect.ServiceLogin;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "connect",
    description = {
      "Prepare a login for any PostgreSQL or HTTP program and say how to use it.",
      "A password or token is kept in a file of mode 0600; only url prints it.",
      "Of a database: env, url, jdbc, psql-service. Of a service that speaks HTTP: env, curl, http (HTTPie)."
    },
    footer = {"", "Example:", "  eval \"$(lockbox connect R-7K3F92QX4M env)\""})
public final class ConnectCommand extends ConnectingCommand {
  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "env|url|jdbc|psql-service|curl|http",
      converter = LoginOutputConverter.class,
      description = "What to print (default: how to use them).")
  private LoginOutput form = LoginOutput.GUIDE;

  public ConnectCommand(CommandContext surroundings) {
    super(surroundings);
  }

  /// What to print on stdout.
  enum LoginOutput {
    GUIDE,
    ENV,
    URL,
    JDBC,
    SERVICE,
    CURL,
    HTTPIE
  }

  /// Reads the words of the command line.
  static final class LoginOutputConverter
      implements picocli.CommandLine.ITypeConverter<LoginOutput> {
    @Override
    public LoginOutput convert(String word) {
      return switch (word) {
        case "env" -> LoginOutput.ENV;
        case "url" -> LoginOutput.URL;
        case "jdbc" -> LoginOutput.JDBC;
        case "psql-service" -> LoginOutput.SERVICE;
        case "curl" -> LoginOutput.CURL;
        case "http" -> LoginOutput.HTTPIE;
        default ->
            throw new picocli.CommandLine.TypeConversionException(
                "'" + word + "' is none of env, url, jdbc, psql-service, curl, http");
      };
    }
  }

  @Override
  protected ExitCode run() {
    Path directory = call.surroundings().config().connection(request().value()).toAbsolutePath();
    switch (ApprovedRequestLogin.target(this)) {
      case ApprovedTarget.SqlTarget database ->
          database(ApprovedRequestLogin.login(this, database), directory);
      case ApprovedTarget.HttpTarget service -> {
        ServiceOutput.requireFits(form, service.request());
        ServiceLogin login = ApprovedRequestLogin.login(this, service);
        new ServiceOutput(request().value(), login, directory).print(terminal(), form, call.json());
        login
            .certificateWarning()
            .ifPresent(words -> terminal().mention("programs will refuse it: " + words));
      }
    }
    return ExitCode.OK;
  }

  private void database(GatewayLogin login, Path directory) {
    LoginFiles files = LoginFiles.write(directory, login);
    if (call.json()) {
      terminal().print(json(login, files));
      return;
    }
    switch (form) {
      case GUIDE -> guide(login, files);
      case ENV -> env(login, files);
      case URL -> terminal().print(login.urlWithPassword(files.authority()));
      case JDBC -> {
        terminal().print(login.jdbcUrl(files.authority()));
        terminal().mention("the password: export PGPASSFILE=" + quoted(files.passwordFile()));
      }
      case SERVICE -> {
        terminal().print("export PGSERVICEFILE=" + quoted(files.serviceFile()));
        terminal().print("export PGSERVICE=" + LoginFiles.SERVICE);
      }
      case CURL, HTTPIE ->
          throw new Failure(
              ExitCode.USAGE,
              "this is a database, and no program for HTTP speaks to one",
              "lockbox psql " + request().value());
    }
    terminal().mention("good until " + login.expires());
  }

  private void guide(GatewayLogin login, LoginFiles files) {
    String id = request().value();
    Terminal terminal = terminal();
    terminal.print(id + " is ready until " + login.expires() + " at " + login);
    terminal.print("");
    terminal.print(
        "psql and libpq programs   PGSERVICEFILE="
            + quoted(files.serviceFile())
            + " psql service=lockbox");
    terminal.print("a shell's environment     eval \"$(lockbox connect " + id + " env)\"");
    terminal.print("JDBC                      lockbox connect " + id + " jdbc");
    terminal.print("a URL with the password   lockbox connect " + id + " url");
  }

  private void env(GatewayLogin login, LoginFiles files) {
    Terminal terminal = terminal();
    terminal.print("export PGHOST=" + quoted(login.host()));
    terminal.print("export PGPORT=" + login.port());
    terminal.print("export PGDATABASE=" + quoted(login.database()));
    terminal.print("export PGUSER=" + login.user());
    terminal.print("export PGPASSFILE=" + quoted(files.passwordFile()));
    terminal.print("export PGSSLMODE=verify-full");
    terminal.print("export PGSSLROOTCERT=" + quoted(files.root()));
    terminal.print("export PGCHANNELBINDING=require");
    terminal.print("export PGAPPNAME=" + quoted("lockbox " + request()));
  }

  private String json(GatewayLogin login, LoginFiles files) {
    return CanonicalJson.text(
        Json.object()
            .put("host", login.host())
            .put("port", login.port())
            .put("database", login.database())
            .put("user", login.user())
            .put("passFile", files.passwordFile().toString())
            .put("serviceFile", files.serviceFile().toString())
            .put("caFile", files.authority())
            .put("expireTime", login.expires().toString())
            .build());
  }

  /// A word that any shell takes as it is.
  static String quoted(Object value) {
    return "'" + value.toString().replace("'", "'\\''") + "'";
  }
}
