package org.openlockbox.postgres.propose;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.catalogue.DatabaseAddress;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.fence.FencePlan;
import org.openlockbox.postgres.fence.FencedDatabase;
import org.openlockbox.postgres.fence.Helpdesk;

/// A database of the test's own, for which nobody has written a catalogue yet.
final class ProposedDatabase {
  static final ProposalOptions SAMPLED =
      new ProposalOptions(Optional.empty(), Optional.empty(), 1000);
  static final ProposalOptions UNSAMPLED =
      new ProposalOptions(Optional.empty(), Optional.empty(), 0);

  private final String name;
  private final FencedDatabase database;

  ProposedDatabase(String name, String schema) {
    this.name = name;
    String noTables =
        """
        resources:
          - id: shop
            name: Shop
            postgres: {host: 127.0.0.1, port: ${port}, database: %s, tls: disable}
            tenancy: {column: tenant_id, values: {acme: 1}}
            levels: [masked]
            tables: {}
        """
            .formatted(name);
    this.database = new FencedDatabase(Helpdesk.server(), schema, noTables, "acme");
  }

  void asSuperuser(String sql) {
    database.asSuperuser(sql);
  }

  String proposed() {
    return proposed(SAMPLED);
  }

  String proposed(ProposalOptions options) {
    return drafted(options, "postgres").yaml();
  }

  ProposalResult.Drafted drafted(ProposalOptions options, String role) {
    return switch (result(options, role)) {
      case ProposalResult.Drafted done -> done;
      case ProposalResult.NotDrafted refused -> throw new AssertionError(refused.why());
    };
  }

  ProposalResult result(ProposalOptions options, String role) {
    try (Connection connection = database.as(role)) {
      return CatalogueProposal.of(connection, new ResourceId("shop"), address(), options);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private DatabaseAddress address() {
    return new DatabaseAddress(
        "127.0.0.1",
        Helpdesk.server(),
        name,
        DatabaseAddress.TlsMode.DISABLE,
        null,
        null,
        "lockbox_gateway",
        null);
  }

  ProposalResult.Drafted updated(String yaml) {
    var spec = spec(yaml);
    try (Connection connection = database.superuser()) {
      return switch (CatalogueUpdate.of(connection, spec, yaml, SAMPLED)) {
        case ProposalResult.Drafted done -> done;
        case ProposalResult.NotDrafted refused -> throw new AssertionError(refused.why());
      };
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The last resource of a catalogue.
  static ResourceSpec spec(String yaml) {
    return Catalogue.parse("resources.yaml", yaml).resources().getLast().places().getFirst();
  }

  /// What `lockbox resource plan` makes of a draft as it stands.
  FencePlan planned(String yaml) {
    return database.planned(spec(yaml));
  }

  /// Which tenants there are, and the version that runs here: what a reviewer adds.
  static String reviewed(String yaml, String values) {
    return yaml.replace("values: {}", "values: {" + values + "}")
        .replace("tls: disable", "tls: disable\n      minimumVersion: 18.6");
  }
}
