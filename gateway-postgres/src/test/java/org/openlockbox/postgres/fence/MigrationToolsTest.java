package org.openlockbox.postgres.fence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.schema.DatabaseSchema;
import org.openlockbox.postgres.testing.Needed;

/// The migration tools that applications use, as docs/migrations.md says: refused and rolled back
/// while the fence stands, done while it is suspended. Sessions of every level see afterwards what
/// they saw before, and nothing of what was added.
@Tag("slow")
class MigrationToolsTest {
  /// From Maven Central, by `build/test.sh`.
  private static final Path JARS = Path.of("target/migration-tools");

  private static final Path FILES = Path.of("src/test/resources/migrations");
  private static final Path PYTHON = Path.of("/usr/bin/python3");

  private static final String ROLES =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
        if not exists (select from pg_roles where rolname = 'tools_owner') then
          create role tools_owner login;
        end if;
      end $$;
      create schema shop authorization tools_owner;
      alter database migration_tools set search_path = shop;
      """;

  private static final String ROWS =
      """
      insert into shop.customers (tenant_id, email, fax, note) values
        (1, 'ada@acme.test', 'acme-fax', 'acme-note'), (2, 'bob@globex.test', 'globex-fax', 'globex-note');
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: migration_tools, tls: disable, minimumVersion: 18.6}
          schema: shop
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [metadata, masked, read, write]
          tables:
            customers: {mask: {email: email}}
            faxes: {}
          hiddenTables: [flyway_schema_history, databasechangelog, databasechangeloglock, django_migrations]
      """;

  @TempDir private Path directory;

  enum Tool {
    FLYWAY("alter type of a column used by a view"),
    LIQUIBASE("alter type of a column used by a view"),
    DJANGO("alter type of a column used by a view");

    private final String refusal;

    Tool(String refusal) {
      this.refusal = refusal;
    }
  }

  private record Ended(int status, String said) {}

  @ParameterizedTest
  @EnumSource
  void aMigrationRunsWhileTheFenceIsSuspended(Tool tool) throws Exception {
    switch (tool) {
      case FLYWAY, LIQUIBASE -> Needed.isHere(Files.isDirectory(JARS), "Flyway and Liquibase");
      case DJANGO -> Needed.isHere(isDjangoHere(), "python3-django python3-psycopg2");
    }
    prepare(tool);
    try (var database = new FencedDatabase(Helpdesk.server(), ROLES, YAML, "acme")) {
      assertThat(migrate(tool, 1)).as("first version").returns(0, Ended::status);
      database.asSuperuser(ROWS);
      database.applyPlan();
      assertThat(seen(database, Level.READ)).contains("acme-fax");

      assertThat(migrate(tool, 2))
          .as("while the fence stands")
          .satisfies(ended -> assertThat(ended.status()).isNotZero())
          .satisfies(ended -> assertThat(ended.said()).contains(tool.refusal));
      assertThat(seen(database, Level.READ)).as("rolled back").contains("acme-fax");

      database.asSuperuser(FenceSuspension.suspend(database.spec()));
      assertThat(migrate(tool, 2)).as("suspended").returns(0, Ended::status);
      database.asSuperuser("update shop.customers set ssn = 'SSN-CANARY'");
      resume(database, catalogueAfter(database.spec()));

      for (Level level : List.of(Level.MASKED, Level.READ, Level.WRITE)) {
        assertThat(seen(database, level))
            .as(level.word())
            .contains("acme-note")
            .doesNotContain("globex", "CANARY", "acme-fax");
      }
    }
  }

  private static String seen(FencedDatabase database, Level level) throws SQLException {
    try (var session = database.session("acme", level)) {
      return FencedDatabase.everything(session);
    }
  }

  /// The table that the migration drops is gone from it, as a person or `propose` would do.
  private static ResourceSpec catalogueAfter(ResourceSpec before) {
    String yaml =
        YAML.replace("${port}", Integer.toString(before.address().port()))
            .replace("      faxes: {}\n", "");
    return Catalogue.parse("resources.yaml", yaml).resources().getFirst();
  }

  private static void resume(FencedDatabase database, ResourceSpec spec) throws SQLException {
    try (var gateway = database.as("lockbox_gateway")) {
      assertThat(resuming(gateway, database.spec()))
          .as("a catalogue that names a table that is gone")
          .isInstanceOf(FencePlan.Impossible.class);
      database.asSuperuser(((FencePlan.Applicable) resuming(gateway, spec)).sql());
      assertThat(FenceCheck.report(gateway, spec).deviations()).isEmpty();
    }
    try (var session = database.session("acme", Level.READ)) {
      assertThat(answer(session, "select ssn from customers")).isEqualTo("refused 42703");
    }
  }

  private static FencePlan resuming(Connection gateway, ResourceSpec spec) throws SQLException {
    var suspension = FenceSuspension.read(gateway).orElseThrow();
    return FencePlan.resuming(spec, DatabaseSchema.read(gateway, spec), suspension);
  }

  private void prepare(Tool tool) throws IOException {
    String first = Files.readString(FILES.resolve("first.sql"));
    String second = Files.readString(FILES.resolve("second.sql"));
    switch (tool) {
      case FLYWAY -> {
        Files.writeString(directory.resolve("V1__first.sql"), first);
        Files.writeString(directory.resolve("V2__second.sql"), second);
      }
      case LIQUIBASE ->
          Files.writeString(
              directory.resolve("changes.sql"),
              "--liquibase formatted sql\n--changeset shop:1\n%s\n--changeset shop:2 context:to2\n%s"
                  .formatted(first, second));
      case DJANGO -> {
        Path app = Files.createDirectories(directory.resolve("shop/migrations"));
        Files.createFile(directory.resolve("shop/__init__.py"));
        Files.createFile(app.resolve("__init__.py"));
        Files.copy(FILES.resolve("settings.py"), directory.resolve("settings.py"));
        Files.copy(FILES.resolve("0001_first.py"), app.resolve("0001_first.py"));
        Files.copy(FILES.resolve("0002_second.py"), app.resolve("0002_second.py"));
      }
    }
  }

  private Ended migrate(Tool tool, int version) throws IOException, InterruptedException {
    return switch (tool) {
      case FLYWAY, LIQUIBASE -> {
        String url = "jdbc:postgresql://127.0.0.1:%d/migration_tools".formatted(Helpdesk.server());
        yield run(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            JARS.toAbsolutePath() + "/*",
            FILES.resolve("Migrate.java").toAbsolutePath().toString(),
            tool.name().toLowerCase(Locale.ROOT),
            url,
            "tools_owner",
            directory.toString(),
            Integer.toString(version));
      }
      case DJANGO ->
          run(
              PYTHON.toString(),
              "-m",
              "django",
              "migrate",
              "--settings=settings",
              "shop",
              "000" + version);
    };
  }

  private Ended run(String... words) throws IOException, InterruptedException {
    var command = new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true);
    command.environment().put("PYTHONPATH", directory.toString());
    command.environment().put("SHOP_PORT", Integer.toString(Helpdesk.server()));
    var process = command.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), said);
  }

  private static boolean isDjangoHere() throws IOException, InterruptedException {
    return Files.isExecutable(PYTHON)
        && new ProcessBuilder(PYTHON.toString(), "-c", "import django, psycopg2").start().waitFor()
            == 0;
  }
}
