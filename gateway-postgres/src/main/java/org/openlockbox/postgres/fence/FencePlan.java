package org.openlockbox.postgres.fence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.catalogue.Levels;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.SqlQuoting;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.catalogue.Tenancy;
import org.openlockbox.postgres.catalogue.ViewSet;
import org.openlockbox.postgres.schema.CatalogSnapshot;
import org.openlockbox.postgres.schema.DatabaseSchema;
import org.openlockbox.postgres.schema.PublicRight;

/// The SQL that puts the fence around one database: a DBA reads it and applies it as a superuser,
/// in one transaction. Applying it twice leaves the database as applying it once did.
///
/// A crash in the middle leaves the database as it was before.
public sealed interface FencePlan {
  /// Changes when the SQL that the plan writes changes its meaning.
  int VERSION = 10;

  /// The plan, and what its reader should know besides.
  record Applicable(String sql, List<Deviation> remarks) implements FencePlan {
    public Applicable {
      remarks = List.copyOf(remarks);
    }
  }

  /// No plan: the catalogue asks for what this database cannot give safely.
  record Impossible(List<Deviation> why) implements FencePlan {
    public Impossible {
      why = List.copyOf(why);
    }
  }

  static FencePlan of(ResourceSpec spec, DatabaseSchema schema) {
    var obstacles = CatalogueCheck.obstacles(spec, schema);
    if (schema.version().floor().isEmpty()) {
      return new Impossible(List.of(ServerCheck.tooOld(schema.version())));
    }
    if (!obstacles.isEmpty()) {
      return new Impossible(obstacles);
    }
    return new Applicable(new PlanWriter(spec, schema).sql(), CatalogueCheck.of(spec, schema));
  }

  /// The plan that ends a suspension: the views show the columns that they showed before it, as far
  /// as these are there, and what the catalogue names.
  static FencePlan resuming(ResourceSpec spec, DatabaseSchema schema, FenceSuspension suspension) {
    return of(spec, ShownColumns.of(spec, schema, suspension.shown()));
  }

  /// What would keep this catalogue's plan from being written for this database.
  static List<Deviation> obstacles(ResourceSpec spec, DatabaseSchema schema) {
    return CatalogueCheck.obstacles(spec, schema);
  }

  /// What a reader of the plan should know besides, before there is one.
  static List<Deviation> remarks(ResourceSpec spec, DatabaseSchema schema) {
    return CatalogueCheck.of(spec, schema);
  }

  /// Writes the plan, section by section.
  final class PlanWriter {
    private final ResourceSpec spec;
    private final DatabaseSchema schema;
    private final ViewSql views;
    private final RowPolicies policies;

    PlanWriter(ResourceSpec spec, DatabaseSchema schema) {
      this.spec = spec;
      this.schema = schema;
      this.views = new ViewSql(spec, schema);
      this.policies = new RowPolicies(spec, schema);
    }

    String sql() {
      var sections = new ArrayList<String>();
      sections.add(opening());
      sections.add(policies.lock());
      sections.add(filled("plan-roles.sql"));
      sections.add(filled("plan-binding.sql"));
      sections.add(filled("plan-functions.sql"));
      sections.add(baseRights());
      sections.add(views());
      sections.add(publicRights());
      sections.add(catalogRights());
      sections.add(policies());
      sections.add(closing());
      return String.join("\n", sections);
    }

    private String opening() {
      return """
      -- The OpenLockbox fence for resource "%s" (%s), database %s, PostgreSQL %d.
      -- Read it, then apply it as a superuser:  psql -v ON_ERROR_STOP=1 -d %s -f this-file.sql
      -- One transaction; applying it again changes nothing. The same command with --undo prints the way back.
      begin;
      set local client_encoding = 'UTF8';
      set local search_path = pg_catalog, pg_temp;
      set local lock_timeout = '10s';
      do $$
      begin
        if current_setting('server_version_num')::int / 10000 <> %d or current_database() <> %s then
          raise exception 'this plan was written for database %s on PostgreSQL %d';
        end if;
      end $$;
      """
          .formatted(
              spec.id(),
              spec.name().replaceAll("\\p{Cntrl}", " "),
              spec.address().database(),
              schema.version().major(),
              spec.address().database(),
              schema.version().major(),
              SqlQuoting.text(spec.address().database()),
              spec.address().database(),
              schema.version().major());
    }

    private String filled(String resource) {
      boolean modern = schema.version().major() >= 16;
      return CatalogSnapshot.sql(
          resource,
          Map.of(
              "gateway",
              SqlQuoting.name(spec.address().gatewayRole()),
              "gateway_text",
              SqlQuoting.text(spec.address().gatewayRole()),
              "admin_only",
              modern ? "with admin true, inherit false, set false" : "with admin option",
              "self_grant",
              modern ? "\nset createrole_self_grant = 'inherit'" : "",
              "self_grant_15",
              modern ? "" : "  execute format('grant %I to lb_definer', role);\n",
              "member_only",
              modern ? "with inherit true, set false" : "",
              "levels_array",
              array(spec.levels().stream().map(Level::word).toList()),
              "sequences_array",
              array(new BaseRights(spec, schema).sequences().stream().map(TableName::sql).toList()),
              "suffix",
              spec.tenancy() instanceof Tenancy.BySchema ? " || '__' || tenant" : "",
              "tenants_check",
              tenantsCheck()));
    }

    /// Where places are part of the fence, no other one can be bound.
    private String tenantsCheck() {
      var bindable =
          switch (spec.tenancy()) {
            case Tenancy.ByColumn ignored -> List.<String>of();
            case Tenancy.BySchema own -> List.copyOf(own.schemas().values());
            case Tenancy.ByDatabase own -> List.copyOf(own.databases().keySet());
          };
      return bindable.isEmpty()
          ? ""
          : """
              if not tenant = any (%s) then
                raise exception 'no tenant of this database' using errcode = '22023';
              end if;
            """
              .formatted(array(bindable));
    }

    private static String array(Collection<String> texts) {
      return texts.stream()
          .map(SqlQuoting::text)
          .collect(Collectors.joining(", ", "array[", "]::text[]"));
    }

    private String baseRights() {
      var sql = new StringBuilder(heading("4. What lb_view may do with the application's tables."));
      var schemas = schema.tables().keySet().stream().map(TableName::schema).distinct().toList();
      for (String name : schemas) {
        for (String kind : List.of("tables", "sequences")) {
          sql.append(
              ("revoke all on all %s in schema %s from lb_view, lb_definer, lb_level_metadata,"
                      + " lb_level_masked, lb_level_read, lb_level_write;\n")
                  .formatted(kind, SqlQuoting.name(name)));
        }
      }
      new BaseRights(spec, schema).grants().forEach(line -> sql.append(line).append('\n'));
      return sql.toString();
    }

    private String views() {
      var sql =
          new StringBuilder(
              heading(
                  "5. One view per level and table: own rows. At level metadata, shapes and counts."));
      sql.append(CatalogSnapshot.sql("drop-views.sql"));
      for (ViewSet set : spec.viewSets()) {
        sql.append(new MetadataViews(spec, views, set).sql());
        spec.levels().stream()
            .filter(level -> level != Level.METADATA)
            .forEach(level -> level(sql, level, set));
      }
      return sql.toString();
    }

    private void level(StringBuilder sql, Level level, ViewSet set) {
      String name = SqlQuoting.name(set.schema(level));
      sql.append("\ncreate schema ").append(name).append(";\n");
      sql.append("grant usage on schema %s to %s;\n\n".formatted(name, Levels.role(level)));
      set.tables().forEach(table -> sql.append(views.create(level, set, table)).append('\n'));
      if (level == Level.MASKED) {
        set.tables().forEach(table -> sql.append(new LookupSql(views).create(set, table)));
      }
    }

    private String catalogRights() {
      var sql = new StringBuilder(heading("7. System catalogs: what sessions may read of them."));
      sql.append(CatalogSnapshot.sql("plan-catalog-rights.sql"));
      switch (spec.catalogs()) {
        case OPEN -> sql.append(FenceUndo.giveBack("lb_catalog"));
        case CLOSED -> sql.append(new CatalogRights(spec, schema).sql());
      }
      return sql.toString();
    }

    private String publicRights() {
      var sql =
          new StringBuilder(
              heading(
                  "6. Rights that PUBLIC, and so every session, would have: kept for the app."));
      for (String role : schema.applicationRoles()) {
        sql.append("grant lb_app to ").append(SqlQuoting.name(role)).append(";\n");
      }
      for (PublicRight right : schema.publicRights()) {
        sql.append(right.grantToHolder()).append('\n');
        sql.append(right.revokeFromPublic()).append('\n');
      }
      if (!schema.publicRights().isEmpty()) {
        sql.append("insert into lb.public_right (kind, name, privilege, holder) values\n  ")
            .append(
                schema.publicRights().stream()
                    .map(PublicRight::row)
                    .collect(Collectors.joining(",\n  ")))
            .append("\non conflict do nothing;\n");
      }
      if (spec.address().shown().isPresent()) {
        sql.append(CatalogSnapshot.sql("plan-hba.sql", Map.of("gateway", gateway())))
            .append(HbaCheck.comment(spec));
      }
      sql.append(
          """
          grant connect on database %s to lb_level_metadata, lb_level_masked, lb_level_read, lb_level_write, %s;
          """
              .formatted(
                  SqlQuoting.name(spec.address().database()),
                  SqlQuoting.name(spec.address().gatewayRole())));
      return sql.toString();
    }

    private String policies() {
      return heading(
              "8. Row-level security: lb_view sees the bound tenant's rows, all others what they saw.")
          + policies.sql();
    }

    private String closing() {
      return heading("9. Remember what was made, so that the check sees any later change.")
          + """
          delete from lb.suspension;
          delete from lb.fence_object;
          insert into lb.fence_object (kind, name, digest)
          %s;
          insert into lb.fence (only_row, catalogue_digest, plan_version, server_major, applied_at, applied_by)
          values (true, '%s', %d, %d, clock_timestamp(), session_user)
          on conflict (only_row) do update
            set catalogue_digest = excluded.catalogue_digest, plan_version = excluded.plan_version,
                server_major = excluded.server_major, applied_at = excluded.applied_at,
                applied_by = excluded.applied_by;
          do $$ begin raise notice 'the fence for "%s" stands: %d tables, levels %s'; end $$;
          commit;
          """
              .formatted(
                  CatalogSnapshot.sql("fence-objects.sql").strip(),
                  spec.fenceDigest(),
                  VERSION,
                  schema.version().major(),
                  spec.id(),
                  spec.tables().size(),
                  spec.levels().stream().map(Level::word).collect(Collectors.joining(", ")));
    }

    private String gateway() {
      return SqlQuoting.name(spec.address().gatewayRole());
    }

    private static String heading(String text) {
      String rule = "-- " + "-".repeat(93) + "\n";
      return rule + "-- " + text + "\n" + rule;
    }
  }
}
