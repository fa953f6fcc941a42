package org.openlockbox.node.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.node.config.NodeConfig;
import org.openlockbox.node.service.Node;
import org.openlockbox.node.setup.HostPlan.FirstPerson;
import org.openlockbox.node.setup.HostPlan.FirstProfiles;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.Tokens.TokenHolder;

/// Tokens for the gateway, the first operator and the first engineer, the latter two with a profile
/// for the client of whoever typed `lockbox init`. The operator's is what the client uses by
/// itself.
final class FirstPeople {
  private final HostPlan plan;
  private final HostFiles files;
  private final Map<String, String> environment;

  FirstPeople(HostPlan plan, HostFiles files, Map<String, String> environment) {
    this.plan = plan;
    this.files = files;
    this.environment = environment;
  }

  void make(NodeConfig config, FirstProfiles people) {
    var gateway = plan.layout().gatewayToken();
    try (var task = Node.maintenance(config)) {
      if (!Files.exists(gateway) && !plan.layout().isHandedOver()) {
        String token = token(task, new SubjectId(HostLayout.GATEWAY), "Gateway 1", Role.GATEWAY);
        files.secret(gateway, () -> token + "\n");
      }
      profile(config, task, people.operator(), Role.OPERATOR);
      profile(config, task, people.engineer(), Role.ENGINEER);
    }
    Path used = ClientProfile.directory(environment).resolve("default-profile");
    files.secret(used, () -> people.operator().id() + "\n");
  }

  private void profile(
      NodeConfig config, Node.MaintenanceTask task, FirstPerson person, Role role) {
    Path file = ClientProfile.file(environment, person.id().value());
    if (!Files.exists(file)) {
      var server = config.server().orElseThrow();
      var profile = ClientProfile.of(server, token(task, person.id(), person.name(), role));
      files.secret(file, profile::text);
    }
  }

  private static String token(
      Node.MaintenanceTask task, SubjectId subject, String name, Role role) {
    var holder = new TokenHolder(subject, name, Set.of(role), Optional.empty(), Optional.empty());
    return task.maintenance().tokens().issue(holder).token();
  }
}
