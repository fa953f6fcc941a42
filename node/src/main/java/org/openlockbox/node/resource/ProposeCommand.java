package org.openlockbox.node.resource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.node.config.ConfigSecret;
import org.openlockbox.node.config.DatabaseUrl;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.catalogue.DatabaseAddress;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.database.AdminConnections;
import org.openlockbox.postgres.database.GatewayBoot;
import org.openlockbox.postgres.propose.CatalogueProposal;
import org.openlockbox.postgres.propose.CatalogueUpdate;
import org.openlockbox.postgres.propose.ProposalOptions;
import org.openlockbox.postgres.propose.ProposalResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lockbox resource propose ID`: drafts the catalogue of a database, or adds to one what is new.
/// Needs no configuration. Only reads, as whichever role may read the tables.
@Command(
    name = "propose",
    description = {
      "Drafts resources.yaml from a database, for a human to review: whose the rows of each table"
          + " are, which columns to mask or hide, and a question about whatever it cannot tell.",
      "It changes nothing in the database. Samples are looked at in memory: no value is printed,"
          + " stored or sent."
    },
    footer = {
      "",
      "Example:",
      "  lockbox resource propose shop --database postgresql://localhost:5433/shop --as postgres"
          + " > resources.yaml",
      "  lockbox resource propose shop --update resources.yaml --as postgres --out resources.yaml"
    })
final class ProposeCommand implements Callable<Integer> {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,39}");

  @Parameters(paramLabel = "ID", description = "The id of the resource.")
  private String id = "";

  @Option(
      names = "--database",
      paramLabel = "URL",
      description = {
        "postgresql://HOST:PORT/DATABASE?sslmode=MODE&sslrootcert=FILE; the mode is verify-full"
            + " unless the host is this one.",
        "With --update: where the file says, unless this says otherwise."
      })
  private Optional<String> database = Optional.empty();

  @Option(
      names = "--as",
      paramLabel = "ROLE",
      description = "A role that may read the tables; its password in PGPASSWORD or ~/.pgpass.")
  private Optional<String> role = Optional.empty();

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "Its password, in a file that nobody else can read.")
  private Optional<Path> passwordFile = Optional.empty();

  @Option(
      names = "--tenant-column",
      paramLabel = "COLUMN",
      description = "The column that holds the tenant; without it, the likeliest one.")
  private Optional<String> tenantColumn = Optional.empty();

  @Option(
      names = "--tenant",
      paramLabel = "T",
      description = "Whose database it is, where each tenant has one.")
  private Optional<String> tenant = Optional.empty();

  @Option(
      names = "--link",
      paramLabel = "TABLE.COLUMN,...=TABLE.KEY",
      description = {
        "Columns that lead to a key, where the database has no foreign key. The draft takes them as"
            + " foreign keys; its questions print this option, ready to copy. Can be repeated.",
        "Be sure of it: a wrong link shows one tenant the rows of another."
      })
  private List<String> links = List.of();

  @Option(
      names = "--sample",
      paramLabel = "ROWS",
      defaultValue = "1000",
      description = "How many rows of each table are looked at; 1000.")
  private int rows;

  @Option(names = "--no-sample", description = "Look at no row: names, types and keys only.")
  private boolean withoutSample;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write here instead of to standard output; replaces only the file of --update.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--update",
      paramLabel = "FILE",
      description = "A catalogue to add to. All that stands in it stays; the difference is shown.")
  private Optional<Path> update = Optional.empty();

  @Override
  public Integer call() throws SQLException, IOException {
    refuseBadArguments();
    var result = update.isPresent() ? updated(update.get()) : drafted();
    return switch (result) {
      case ProposalResult.Drafted done -> {
        write(done.yaml());
        System.err.print(done.difference());
        System.err.println("lockbox: " + done.summary());
        yield 0;
      }
      case ProposalResult.NotDrafted refused -> throw new NodeFailure(Code.FAILURE, refused.why());
    };
  }

  private void refuseBadArguments() {
    if (update.isPresent() && !links.isEmpty()) {
      throw usage("--link is for a new draft: with --update, write the line of the question");
    }
    if (!ID.matcher(id).matches()) {
      throw usage("the id of a resource has lower-case letters, digits and dashes only");
    }
    if (rows < 1 || rows > 100_000) {
      throw usage("--sample takes 1 to 100000 rows; --no-sample looks at none");
    }
    if (tenant.isPresent() && tenantColumn.isPresent()) {
      throw usage("--tenant says that no column holds the tenant: leave one of the two out");
    }
    if (update.isPresent() && tenantColumn.isPresent()) {
      throw usage("--update keeps the tenant column of the file: leave --tenant-column out");
    }
    boolean same = update.isPresent() && out.filter(update.get()::equals).isPresent();
    if (out.filter(Files::exists).isPresent() && !same) {
      throw usage(
          out.get() + " is there already. Choose another file, or say --update " + out.get());
    }
  }

  private ProposalResult drafted() throws SQLException {
    var url =
        DatabaseUrl.parse(
            database.orElseThrow(
                () -> usage("which database? Say --database postgresql://HOST:PORT/DATABASE")));
    try (var connection = dial(url.address(), url.role())) {
      return CatalogueProposal.of(connection, new ResourceId(id), url.address(), options());
    }
  }

  private ProposalResult updated(Path file) throws SQLException {
    String yaml;
    ResourceSpec spec;
    try {
      yaml = Files.readString(file);
      spec = spec(Catalogue.parse(file.toString(), yaml));
    } catch (IOException e) {
      throw new NodeFailure(Code.USAGE, file + " cannot be read: " + e, e);
    } catch (YamlProblem e) {
      throw new NodeFailure(Code.USAGE, String.valueOf(e.getMessage()), e);
    }
    var url = database.map(DatabaseUrl::parse);
    var address = url.map(DatabaseUrl::address).orElse(spec.address());
    try (var connection = dial(address, url.flatMap(DatabaseUrl::role))) {
      return CatalogueUpdate.of(connection, spec, yaml, options());
    }
  }

  private ResourceSpec spec(Catalogue catalogue) {
    var spec =
        catalogue
            .resource(new ResourceId(id))
            .orElseThrow(() -> usage("the catalogue has no resource called " + id));
    if (tenant.isEmpty()) {
      return spec.places().getFirst();
    }
    return spec.of(new TenantId(tenant.get()))
        .orElseThrow(() -> usage(id + " holds no data of " + tenant.get()));
  }

  private ProposalOptions options() {
    return new ProposalOptions(
        tenantColumn, tenant.map(TenantId::new), withoutSample ? 0 : rows, links);
  }

  private Connection dial(DatabaseAddress address, Optional<String> named) throws SQLException {
    String who =
        role.or(() -> named)
            .orElseThrow(() -> usage("who reads? Say --as ROLE, a role that may read the tables"));
    String password =
        passwordFile.isPresent()
            ? new ConfigSecret.InFile(passwordFile.get()).get()
            : Objects.requireNonNullElse(System.getenv("PGPASSWORD"), "");
    var boot = new GatewayBoot(new GatewayId("propose"), ResourceCommand.NO_BOOT);
    return AdminConnections.to(address, who, password, boot).dial();
  }

  private void write(String yaml) throws IOException {
    if (out.isEmpty()) {
      System.out.writeBytes(yaml.getBytes(StandardCharsets.UTF_8));
      System.out.flush();
      return;
    }
    var target = out.get().toAbsolutePath();
    if (!Files.exists(target)) {
      Files.writeString(target, yaml, StandardOpenOption.CREATE_NEW);
      return;
    }
    var next = Files.createTempFile(target.getParent(), ".resources", ".yaml");
    try {
      Files.writeString(next, yaml);
      Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(target));
      Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(next);
    }
  }

  private static NodeFailure usage(String sentence) {
    return new NodeFailure(Code.USAGE, sentence);
  }
}
