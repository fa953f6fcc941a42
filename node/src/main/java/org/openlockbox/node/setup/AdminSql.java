package org.openlockbox.node.setup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.scram.ScramKeys;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.setup.HostPlan.ServerAddress;

/// SQL of a superuser, through `psql`: so every way in that a DBA has works, a local socket, a
/// `.pgpass`, a client certificate. Statements go to its standard input, and a password only as
/// SCRAM's verifier, so that neither the process list nor a server's log shows one.
final class AdminSql {
  private static final int ITERATIONS = 4096;
  private static final int SECONDS = 60;

  private final Optional<String> admin;
  private final SecureRandom random;

  AdminSql(Optional<String> admin, SecureRandom random) {
    this.admin = admin;
    this.random = random;
  }

  /// Makes a login role, or gives the one that is there this password.
  void role(ServerAddress server, String role, String password) {
    String verifier = verifier(password);
    run(
        server,
        "postgres",
        """
        set log_statement = 'none';
        select format('create role %%I login', '%1$s')
          where not exists (select from pg_roles where rolname = '%1$s') \\gexec
        alter role "%1$s" login nosuperuser nocreatedb nocreaterole password '%2$s';
        """
            .formatted(role, verifier));
  }

  /// Makes a database of this role, unless there is one.
  void database(ServerAddress server, String name, String owner) {
    run(
        server,
        "postgres",
        """
        select format('create database %%I owner %%I', '%1$s', '%2$s')
          where not exists (select from pg_database where datname = '%1$s') \\gexec
        """
            .formatted(name, owner));
  }

  /// Runs this as a superuser, all of it or nothing after the first error.
  String run(ServerAddress server, String database, String sql) {
    try {
      var process = new ProcessBuilder(command(server, database)).redirectErrorStream(true).start();
      try (var in = process.getOutputStream()) {
        in.write(sql.getBytes(StandardCharsets.UTF_8));
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw failure(server, "it does not answer", null);
      }
      if (process.exitValue() != 0) {
        throw failure(server, said.strip(), null);
      }
      return said;
    } catch (IOException e) {
      throw failure(server, "psql cannot be started; install postgresql-client", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(server, "interrupted", e);
    }
  }

  private List<String> command(ServerAddress server, String database) {
    var command = new ArrayList<String>();
    if (admin.isEmpty() && server.isHere()) {
      command.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    command.addAll(List.of("psql", "-X", "-q", "-w", "-A", "-t", "-v", "ON_ERROR_STOP=1"));
    command.addAll(List.of("-p", Integer.toString(server.port()), "-d", database));
    if (admin.isPresent() || !server.isHere()) {
      command.addAll(List.of("-h", server.host()));
    }
    admin.ifPresent(role -> command.addAll(List.of("-U", role)));
    return command;
  }

  private NodeFailure failure(ServerAddress server, String why, @Nullable Exception cause) {
    String next =
        admin.isEmpty() && server.isHere()
            ? "Is PostgreSQL running on this port, and are you root? Or say --admin ROLE."
            : "Say --admin ROLE, a superuser there, with its password in PGPASSWORD or ~/.pgpass.";
    return new NodeFailure(
        Code.FAILURE,
        "PostgreSQL at %s:%d: %s. %s".formatted(server.host(), server.port(), why, next),
        cause == null ? new IllegalStateException(why) : cause);
  }

  private String verifier(String password) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    Bytes salt = Bytes.of(bytes);
    ScramKeys keys = ScramKeys.of(password, salt, ITERATIONS);
    return "SCRAM-SHA-256$%d:%s$%s:%s"
        .formatted(ITERATIONS, salt.base64(), keys.storedKey().base64(), keys.serverKey().base64());
  }
}
