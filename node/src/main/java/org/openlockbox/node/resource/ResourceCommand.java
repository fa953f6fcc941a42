package org.openlockbox.node.resource;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.openlockbox.check.catalogue.CheckListing;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.application.ApplicationListing;
import org.openlockbox.http.catalogue.HttpListing;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.config.NodeConfig;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.service.Node;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.copies.CopySearch;
import org.openlockbox.postgres.database.AdminConnections;
import org.openlockbox.postgres.database.GatewayBoot;
import org.openlockbox.postgres.fence.Deviation;
import org.openlockbox.postgres.fence.FenceCheck;
import org.openlockbox.postgres.fence.FencePlan;
import org.openlockbox.postgres.fence.FenceSuspension;
import org.openlockbox.postgres.fence.FenceUndo;
import org.openlockbox.postgres.schema.DatabaseSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lockbox resource plan|suspend|resume|check ID`: the SQL of a resource's fence, for a human to
/// review and apply, and what in the database differs from it. Reads as the gateway's own login
/// role; changes nothing. `propose` is [ProposeCommand], `import` is [ImportCommand], `proxy` is
/// [ProxySetupCommand]; what of it is about a service is [ServicePlan], [CheckPlan],
/// [ApplicationPlan] and [ServiceCheck].
@Command(
    name = "resource",
    description = "The fence around one protected database or service.",
    subcommands = {ProposeCommand.class, ImportCommand.class, ProxySetupCommand.class},
    footer = {"", "Example:", "  lockbox resource check shop --config lockbox.yaml"})
public final class ResourceCommand {
  /// This verb opens no session, so it is no start of the gateway.
  static final String NO_BOOT = "0".repeat(16);

  private static final String TENANT = "Whose database, where each tenant has one.";

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  /// Names are printed as they are, whatever the terminal's locale: the plan is to be applied.
  private static final PrintStream OUT = new PrintStream(System.out, true, UTF_8);

  @Command(
      name = "plan",
      description = {
        "Prints the SQL that a DBA reviews and applies once.",
        "For a service that speaks HTTP, asks by itself, or is its own gateway: what each level opens."
      },
      footer = {"", "Example:", "  lockbox resource plan shop --config lockbox.yaml > fence.sql"})
  int plan(
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--config", required = true, paramLabel = "FILE") Path config,
      @Option(names = "--undo", description = "Print the SQL that takes the fence away instead.")
          boolean undo,
      @Option(names = "--tenant", paramLabel = "T", description = TENANT) Optional<String> tenant)
      throws SQLException {
    NodeConfig settings = ConfigReader.read(config);
    Optional<HttpListing> service = service(settings, id);
    if (service.isPresent()) {
      new ServicePlan(service.get(), OUT).print();
      return 0;
    }
    Optional<CheckListing> checked =
        settings.checks().stream().filter(it -> it.spec().id().value().equals(id)).findFirst();
    if (checked.isPresent()) {
      new CheckPlan(checked.get(), OUT).print();
      return 0;
    }
    Optional<ApplicationListing> application =
        settings.applications().stream()
            .filter(it -> it.spec().id().value().equals(id))
            .findFirst();
    if (application.isPresent()) {
      new ApplicationPlan(application.get(), OUT).print();
      return 0;
    }
    var spec = resource(settings, id, tenant);
    if (undo) {
      OUT.println(FenceUndo.of(spec));
      return 0;
    }
    try (var connection = dial(settings, spec)) {
      return printed(FencePlan.of(spec, DatabaseSchema.read(connection, spec)));
    }
  }

  private static int printed(FencePlan plan) {
    return switch (plan) {
      case FencePlan.Applicable ready -> {
        OUT.println(ready.sql());
        ready.remarks().forEach(ResourceCommand::remark);
        yield 0;
      }
      case FencePlan.Impossible refused -> {
        refused.why().forEach(ResourceCommand::remark);
        yield Code.FAILURE.exit();
      }
    };
  }

  @Command(
      name = "suspend",
      description = "Prints the SQL that takes the fence down while a migration runs.",
      footer = {
        "",
        "Example:",
        "  lockbox resource suspend shop --config lockbox.yaml > suspend.sql"
      })
  int suspend(
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--config", required = true, paramLabel = "FILE") Path config,
      @Option(names = "--tenant", paramLabel = "T", description = TENANT) Optional<String> tenant) {
    OUT.println(FenceSuspension.suspend(resource(ConfigReader.read(config), id, tenant)));
    return 0;
  }

  @Command(
      name = "resume",
      description = {
        "Prints the SQL that puts a suspended fence up again: with the columns that it showed"
            + " before, and no others.",
        "`lockbox resource plan` prints the same with the new columns, for review."
      },
      footer = {
        "",
        "Example:",
        "  lockbox resource resume shop --config lockbox.yaml > resume.sql"
      })
  int resume(
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--config", required = true, paramLabel = "FILE") Path config,
      @Option(names = "--tenant", paramLabel = "T", description = TENANT) Optional<String> tenant)
      throws SQLException {
    var settings = ConfigReader.read(config);
    var spec = resource(settings, id, tenant);
    try (var connection = dial(settings, spec)) {
      var suspension = FenceSuspension.read(connection);
      if (suspension.isEmpty()) {
        System.err.println("lockbox: the fence of " + spec.id() + " is not suspended");
        return 0;
      }
      var schema = DatabaseSchema.read(connection, spec);
      return printed(FencePlan.resuming(spec, schema, suspension.get()));
    }
  }

  @Command(
      name = "check",
      description = {
        "Names each deviation; exit code 1 if there is one.",
        "A service that speaks HTTP is called as nobody may call it, and has to refuse."
      },
      footer = {
        "",
        "Example:",
        "  lockbox resource check shop --config lockbox.yaml",
        "  PGPASSWORD=... lockbox resource check shop --config lockbox.yaml --sample --as dba"
      })
  int check(
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--config", required = true, paramLabel = "FILE") Path config,
      @Option(names = "--tenant", paramLabel = "T", description = TENANT) Optional<String> tenant,
      @Option(
              names = "--sample",
              description = {
                "Also look into up to "
                    + CopySearch.ROWS
                    + " rows of each table for copies of masked or hidden values in columns that"
                    + " masked sessions read in clear; exit code 1 if there are any.",
                "Nothing of the values is kept or printed."
              })
          boolean sample,
      @Option(
              names = "--as",
              paramLabel = "ROLE",
              description =
                  "With --sample: a role that may read the tables, its password in PGPASSWORD.")
          Optional<String> role)
      throws SQLException {
    if (role.isPresent() && !sample) {
      throw new NodeFailure(Code.USAGE, "--as says who looks into the tables: say also --sample");
    }
    var settings = ConfigReader.read(config);
    Optional<HttpListing> service = service(settings, id);
    if (service.isPresent()) {
      return new ServiceCheck(service.get(), settings, OUT).run(tenant);
    }
    var spec = resource(settings, id, tenant);
    boolean stands;
    try (var connection = dial(settings, spec)) {
      var report = FenceCheck.report(connection, spec);
      OUT.print(report.text());
      stands = report.stands();
    }
    boolean copied = sample && !copies(settings, spec, role).isEmpty();
    return stands && !copied ? 0 : Code.FAILURE.exit();
  }

  private static List<Deviation> copies(
      NodeConfig settings, ResourceSpec spec, Optional<String> role) throws SQLException {
    try (var connection = role.isPresent() ? dial(spec, role.get()) : dial(settings, spec)) {
      var copies = CopySearch.of(connection, spec, Node.random());
      OUT.printf(
          "%s: looked into up to %d rows of each table; copies of masked or hidden values: %s%n",
          spec.id(), CopySearch.ROWS, copies.isEmpty() ? "none." : copies.size() + " found.");
      copies.forEach(copy -> OUT.print(copy.text()));
      return copies;
    } catch (SQLException e) {
      if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        throw new NodeFailure(
            Code.FAILURE,
            "%s may not read the tables (%s). Say --as ROLE, a role that may, with its password in PGPASSWORD."
                .formatted(role.orElse(spec.address().gatewayRole()), e.getMessage()),
            e);
      }
      throw e;
    }
  }

  private static Connection dial(ResourceSpec spec, String role) throws SQLException {
    var password = Objects.requireNonNullElse(System.getenv("PGPASSWORD"), "");
    var check = new GatewayBoot(new GatewayId("check"), NO_BOOT);
    return AdminConnections.to(spec.address(), role, password, check).dial();
  }

  private static void remark(Deviation deviation) {
    System.err.println("lockbox: " + deviation);
  }

  private static Optional<HttpListing> service(NodeConfig config, String id) {
    return config.services().stream()
        .filter(each -> each.spec().id().value().equals(id))
        .findFirst();
  }

  private static ResourceSpec resource(NodeConfig config, String id, Optional<String> tenant) {
    var spec =
        config
            .catalogue()
            .resource(new ResourceId(id))
            .orElseThrow(
                () -> new NodeFailure(Code.USAGE, "the catalogue has no resource called " + id));
    if (tenant.isEmpty() && spec.places().size() > 1) {
      throw new NodeFailure(
          Code.USAGE, "each tenant of " + id + " has a database of its own: say --tenant T");
    }
    return tenant
        .map(
            name ->
                spec.of(new TenantId(name))
                    .orElseThrow(
                        () -> new NodeFailure(Code.USAGE, id + " holds no data of " + name)))
        .orElseGet(() -> spec.places().getFirst());
  }

  private static Connection dial(NodeConfig config, ResourceSpec spec) throws SQLException {
    var gateway =
        config
            .gateway()
            .orElseThrow(
                () ->
                    new NodeFailure(
                        Code.USAGE,
                        "this configuration has no gateway section, and the gateway's password is"
                            + " needed"));
    var password = gateway.passwords().get(spec.id().value());
    if (password == null) {
      throw new NodeFailure(Code.USAGE, "no password for " + spec.id() + " is configured");
    }
    return AdminConnections.to(
            spec.address(), password.get(), new GatewayBoot(new GatewayId(gateway.id()), NO_BOOT))
        .dial();
  }
}
