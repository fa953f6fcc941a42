package org.openlockbox.node.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.node.config.ConfigSecret;
import org.openlockbox.node.config.DatabaseUrl;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.setup.HostPlan.GuardedDatabase;
import org.openlockbox.postgres.database.AdminConnections;
import org.openlockbox.postgres.database.GatewayBoot;
import org.openlockbox.postgres.propose.CatalogueProposal;
import org.openlockbox.postgres.propose.ProposalOptions;
import org.openlockbox.postgres.propose.ProposalResult;

/// The control plane's role and database, the gateway's role in the protected database, and a
/// catalogue that is drafted from what that database declares. No row of it is read.
final class HostDatabases {
  private static final String OWNER = "lockbox";
  private static final String GATEWAY_ROLE = "lockbox_gateway";
  private static final String NO_VALUES = "values: {}  # see question 1";
  private static final String NO_RESOURCES =
      """
      # What engineers may see of which database. `lockbox init --gateway` drafts it on the gateway's host:
      # copy that file here, and type lockbox reload.
      resources: []
      """;
  private static final GatewayBoot NO_SESSION =
      new GatewayBoot(new GatewayId("init"), "0".repeat(16));

  private final HostPlan plan;
  private final HostFiles files;
  private final AdminSql admin;
  private final SecureRandom random;

  HostDatabases(HostPlan plan, HostFiles files, AdminSql admin, SecureRandom random) {
    this.plan = plan;
    this.files = files;
    this.admin = admin;
    this.random = random;
  }

  void make() throws SQLException {
    var layout = plan.layout();
    if (plan.server().isPresent()) {
      var control = plan.server().get().control();
      admin.role(control, OWNER, password(layout.controlPassword()));
      admin.database(control, OWNER, OWNER);
    }
    if (plan.guarded().isPresent()) {
      guard(plan.guarded().get());
    } else {
      files.open(layout.resources(), () -> NO_RESOURCES);
    }
  }

  private void guard(GuardedDatabase guarded) throws SQLException {
    var layout = plan.layout();
    var password = layout.databasePassword(plan.resource().value());
    admin.role(guarded.server(), GATEWAY_ROLE, password(password));
    if (!Files.exists(layout.resources())) {
      String drafted = withTenants(draft(guarded, password), guarded.tenants());
      files.open(layout.resources(), () -> drafted);
    }
  }

  /// The password in this file, which is made if need be: printable ASCII, of 192 bits.
  private String password(Path file) {
    files.secret(
        file,
        () -> {
          byte[] bytes = new byte[24];
          random.nextBytes(bytes);
          return HexFormat.of().formatHex(bytes) + "\n";
        });
    return new ConfigSecret.InFile(file).get();
  }

  private String draft(GuardedDatabase guarded, Path password) throws SQLException {
    var server = guarded.server();
    var address =
        DatabaseUrl.parse(
                "postgresql://%s:%d/%s".formatted(server.host(), server.port(), guarded.database()))
            .address();
    var role = new ConfigSecret.InFile(password).get();
    try (var connection = AdminConnections.to(address, GATEWAY_ROLE, role, NO_SESSION).dial()) {
      var options = new ProposalOptions(guarded.tenantColumn(), Optional.empty(), 0);
      var id = plan.resource();
      return switch (CatalogueProposal.of(connection, id, address, options)) {
        case ProposalResult.Drafted done -> done.yaml();
        case ProposalResult.NotDrafted refused ->
            throw new NodeFailure(Code.FAILURE, refused.why());
      };
    }
  }

  /// The draft asks which tenant has which value; that was said.
  private static String withTenants(String drafted, Map<TenantId, String> tenants) {
    String values =
        tenants.entrySet().stream()
            .sorted(Comparator.comparing(one -> one.getKey().value()))
            .map(one -> one.getKey() + ": " + value(one.getValue()))
            .collect(Collectors.joining(", ", "values: {", "}"));
    return drafted.replace(NO_VALUES, values);
  }

  private static String value(String text) {
    boolean number = text.chars().allMatch(Character::isDigit);
    return number ? text : "'" + text.replace("'", "''") + "'";
  }
}
