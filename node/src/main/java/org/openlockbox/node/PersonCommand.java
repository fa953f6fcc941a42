package org.openlockbox.node;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.openlockbox.core.access.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.node.NodeFailure.Code;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lockbox person add|role|remove|ls`: who may sign in to the portal, on the server's own host.
/// Being one of them lets nobody sign a decision.
@Command(
    name = "person",
    description = "Adds, changes, removes and lists people of the portal.",
    footer = {
      "",
      "Example:",
      "  lockbox person add eve --config lockbox.yaml --role engineer --address eve@vendor.example"
    })
final class PersonCommand {
  @Command(
      name = "add",
      description = "Adds somebody, or again who was removed and has the same address.",
      footer = {
        "",
        "Example:",
        "  lockbox person add anna --config lockbox.yaml --tenant acme --role approver \\",
        "      --address anna@acme.example --name 'Anna Example'"
      })
  int add(
      @Option(names = "--config", required = true, paramLabel = "FILE") Path config,
      @Option(names = "--role", required = true, paramLabel = "ROLE") List<String> roles,
      @Option(names = "--address", required = true, paramLabel = "MAIL") String address,
      @Option(names = "--name", paramLabel = "NAME") Optional<String> name,
      @Option(names = "--tenant", paramLabel = "T") Optional<String> tenant,
      @Parameters(paramLabel = "ID") String subject) {
    var newcomer =
        read(
            () ->
                new People.Newcomer(
                    tenant.map(TenantId::new),
                    new SubjectId(subject),
                    new MailAddress(address),
                    name.orElse(subject),
                    roles(roles)));
    try (var task = server(config)) {
      task.maintenance().people().add(newcomer);
    } catch (Problem refused) {
      throw new NodeFailure(Code.FAILURE, refused.detail(), refused);
    }
    return 0;
  }

  @Command(
      name = "role",
      description = "Gives somebody other roles, from their next call on.",
      footer = {
        "",
        "Example:",
        "  lockbox person role anna --config lockbox.yaml --tenant acme --role auditor"
      })
  int role(
      @Option(names = "--config", required = true, paramLabel = "FILE") Path config,
      @Option(names = "--role", required = true, paramLabel = "ROLE") List<String> roles,
      @Option(names = "--tenant", paramLabel = "T") Optional<String> tenant,
      @Parameters(paramLabel = "ID") String subject) {
    var side = read(() -> tenant.map(TenantId::new));
    var who = read(() -> new SubjectId(subject));
    try (var task = server(config)) {
      need(read(() -> task.maintenance().people().change(side, who, roles(roles))), subject);
    }
    return 0;
  }

  @Command(
      name = "remove",
      description = "Removes somebody: their visits and bearer tokens end at once.",
      footer = {"", "Example:", "  lockbox person remove anna --config lockbox.yaml --tenant acme"})
  int remove(
      @Option(names = "--config", required = true, paramLabel = "FILE") Path config,
      @Option(names = "--tenant", paramLabel = "T") Optional<String> tenant,
      @Parameters(paramLabel = "ID") String subject) {
    var side = read(() -> tenant.map(TenantId::new));
    var who = read(() -> new SubjectId(subject));
    try (var task = server(config)) {
      need(task.maintenance().people().remove(side, who), subject);
    }
    return 0;
  }

  @Command(
      name = "ls",
      description = "Lists the people of a tenant, or the provider's.",
      footer = {"", "Example:", "  lockbox person ls --config lockbox.yaml --tenant acme"})
  int list(
      @Option(names = "--config", required = true, paramLabel = "FILE") Path config,
      @Option(names = "--tenant", paramLabel = "T") Optional<String> tenant) {
    var side = read(() -> tenant.map(TenantId::new));
    try (var task = server(config)) {
      for (var person : task.maintenance().people().of(side)) {
        var roles = person.roles().stream().map(Role::word).sorted();
        System.out.printf(
            "%s  %s  %s%n",
            person.subject(), person.address(), roles.collect(Collectors.joining(",")));
      }
    }
    return 0;
  }

  private static void need(boolean found, String subject) {
    if (!found) {
      throw new NodeFailure(Code.FAILURE, "there is nobody called " + subject + " there");
    }
  }

  private static Set<Role> roles(List<String> words) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    words.forEach(word -> roles.add(Role.parse(word)));
    return roles;
  }

  private static <T> T read(Supplier<T> arguments) {
    try {
      return arguments.get();
    } catch (IllegalArgumentException e) {
      throw new NodeFailure(Code.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private static Node.ForOneTask server(Path config) {
    return Node.maintenance(ConfigReader.read(config));
  }
}
