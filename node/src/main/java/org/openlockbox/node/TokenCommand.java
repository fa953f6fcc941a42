package org.openlockbox.node;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.service.Node;
import org.openlockbox.node.setup.ClientProfile;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.Tokens;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lockbox token new|revoke`: bearer tokens, made on the server's own host with its own
/// configuration. This is how the first operator of an installation gets in, and how a gateway gets
/// its token.
@Command(
    name = "token",
    description = "Makes and ends bearer tokens.",
    footer = {
      "",
      "Example:",
      "  lockbox token new --config lockbox.yaml --role engineer --subject eve --name 'Eve Engineer'"
    })
final class TokenCommand {
  @Command(
      name = "new",
      description = {
        "Prints a new token, once. It is stored as a hash only.",
        "With --profile it is written into a profile of the client on this host instead."
      },
      footer = {
        "",
        "Example:",
        "  lockbox token new --config lockbox.yaml --role engineer --subject eve --name 'Eve Engineer'"
      })
  int issue(
      @Option(names = "--config", required = true, paramLabel = "FILE") Path config,
      @Option(names = "--role", required = true, paramLabel = "ROLE") List<String> roles,
      @Option(names = "--subject", required = true, paramLabel = "ID") String subject,
      @Option(names = "--name", required = true, paramLabel = "NAME") String name,
      @Option(names = "--tenant", paramLabel = "T") Optional<String> tenant,
      @Option(
              names = "--for",
              paramLabel = "P90D",
              description =
                  "How long it works (default: 90 days for an operator, who gets no longer; others until they are revoked).")
          Optional<Duration> validFor,
      @Option(
              names = "--profile",
              paramLabel = "NAME",
              description = "Write a profile for LOCKBOX_PROFILE=NAME; must not exist.")
          Optional<String> profile) {
    var file = profile.map(called -> ClientProfile.file(System.getenv(), called));
    if (file.filter(Files::exists).isPresent()) {
      throw new NodeFailure(Code.USAGE, file.get() + " exists already and is not overwritten");
    }
    Set<Role> parsed = EnumSet.noneOf(Role.class);
    Tokens.TokenHolder holder;
    try {
      roles.forEach(role -> parsed.add(Role.parse(role)));
      holder =
          new Tokens.TokenHolder(
              new SubjectId(subject), name, parsed, tenant.map(TenantId::new), validFor);
    } catch (RuntimeException e) {
      throw new NodeFailure(Code.USAGE, String.valueOf(e.getMessage()), e);
    }
    var read = ConfigReader.read(config);
    try (var task = Node.maintenance(read)) {
      var issued = task.maintenance().tokens().issue(holder);
      file.ifPresentOrElse(
          path -> {
            written(ClientProfile.of(read.server().orElseThrow(), issued.token()), path);
            issued
                .ends()
                .ifPresent(end -> System.err.println("lockbox: its token works until " + end));
          },
          () -> shown(issued));
    }
    return 0;
  }

  private static void written(ClientProfile profile, Path file) {
    profile.write(file);
    System.err.println("lockbox: wrote the profile " + file);
  }

  private static void shown(Tokens.NewToken issued) {
    String until = issued.ends().map("; it works until %s"::formatted).orElse("");
    System.err.println("lockbox: token %s is shown this once%s:".formatted(issued.id(), until));
    System.out.println(issued.token());
  }

  @Command(
      name = "revoke",
      description = "Ends a token by its id, T-...",
      footer = {"", "Example:", "  lockbox token revoke T-0123456789 --config lockbox.yaml"})
  int revoke(
      @Option(names = "--config", required = true, paramLabel = "FILE") Path config,
      @Parameters(paramLabel = "T-ID") String id) {
    try (var task = server(config)) {
      if (!task.maintenance().tokens().revoke(id)) {
        throw new NodeFailure(Code.FAILURE, "there is no token " + id + ", or it has ended");
      }
    }
    return 0;
  }

  private static Node.MaintenanceTask server(Path config) {
    return Node.maintenance(ConfigReader.read(config));
  }
}
