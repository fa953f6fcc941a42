package org.openlockbox.node;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.signing.SshKey;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.service.Node;
import org.openlockbox.node.service.ServerSettings;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lockbox person add|set|keys|role|remove|ls`: who may sign in to the portal, on the server's own
/// host. Being one of them lets nobody sign a decision. What is written down of the provider's own
/// people stands in their requests.
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
      @Mixin PersonFacts facts,
      @Parameters(paramLabel = "ID") String subject) {
    var change = read(facts::change);
    if (tenant.isPresent() && !change.isEmpty()) {
      throw new NodeFailure(Code.USAGE, "facts are written down of the provider's own people");
    }
    var person =
        read(
            () ->
                new People.NewPerson(
                    tenant.map(TenantId::new),
                    new SubjectId(subject),
                    new MailAddress(address),
                    name.orElse(subject),
                    roles(roles)));
    try (var task = server(config)) {
      task.maintenance().people().add(person);
      if (!change.isEmpty()) {
        task.maintenance().directory().set(person.subject(), change);
      }
    } catch (Problem refused) {
      throw new NodeFailure(Code.FAILURE, refused.detail(), refused);
    }
    return 0;
  }

  @Command(
      name = "set",
      description =
          "Writes down what the provider says of one of its own people. Requests name it as the"
              + " directory's word, and customers' policies look at it.",
      footer = {
        "",
        "Example:",
        "  lockbox person set fixbot --config lockbox.yaml --country DE \\",
        "      --employer 'Example Ltd' --kind agent --responsible eve"
      })
  int set(
      @Option(names = "--config", required = true, paramLabel = "FILE") Path config,
      @Option(names = "--name", paramLabel = "NAME") Optional<String> name,
      @Mixin PersonFacts facts,
      @Parameters(paramLabel = "ID") String subject) {
    var change = read(() -> facts.change(name));
    var who = read(() -> new SubjectId(subject));
    if (change.isEmpty()) {
      throw new NodeFailure(Code.USAGE, "say what to write down: --country, --employer, --kind");
    }
    try (var task = server(config)) {
      task.maintenance().directory().set(who, change);
    } catch (Problem refused) {
      throw new NodeFailure(Code.FAILURE, refused.detail(), refused);
    }
    return 0;
  }

  @Command(
      name = "keys",
      description =
          "Registers and forgets keys with which one of the provider's people asks, and lists them."
              + " Nobody else can ask with a registered key; an agent asks with no other.",
      footer = {
        "",
        "Example:",
        "  lockbox person keys fixbot --config lockbox.yaml --add fixbot.pub"
      })
  int keys(
      @Option(names = "--config", required = true, paramLabel = "FILE") Path config,
      @Option(names = "--add", paramLabel = "FILE") Optional<Path> add,
      @Option(names = "--remove", paramLabel = "KEYID") Optional<String> remove,
      @Parameters(paramLabel = "ID") String subject) {
    var who = read(() -> new SubjectId(subject));
    var added = read(() -> add.map(PersonCommand::publicKey));
    var removed = read(() -> remove.map(KeyId::parse));
    try (var task = server(config)) {
      var directory = task.maintenance().directory();
      added.ifPresent(key -> directory.register(who, key));
      removed.ifPresent(key -> need(directory.forget(who, key), key + " of " + subject));
      directory.keys(who).forEach(key -> System.out.println(key.hex()));
    } catch (Problem refused) {
      throw new NodeFailure(Code.FAILURE, refused.detail(), refused);
    }
    return 0;
  }

  /// The public half of a key file, or the line of an SSH key.
  private static VerifyingKey publicKey(Path file) {
    var text = ServerSettings.text(file);
    return text.contains("-----BEGIN") ? KeyFile.publicKey(text) : SshKey.parse(text);
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
            "%s  %s  %s%s%n",
            person.subject(),
            person.address(),
            roles.collect(Collectors.joining(",")),
            side.isPresent()
                ? ""
                : task.maintenance()
                    .directory()
                    .words(person.subject())
                    .map(words -> "  " + words)
                    .orElse(""));
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

  private static Node.MaintenanceTask server(Path config) {
    return Node.maintenance(ConfigReader.read(config));
  }
}
