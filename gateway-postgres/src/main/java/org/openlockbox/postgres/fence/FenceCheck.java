package org.openlockbox.postgres.fence;

import static org.openlockbox.postgres.fence.Deviation.breaks;
import static org.openlockbox.postgres.fence.Deviation.note;
import static org.openlockbox.postgres.fence.Deviation.warning;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.schema.CatalogSnapshot;
import org.openlockbox.postgres.schema.DatabaseSchema;
import org.openlockbox.postgres.schema.PublicRight;

/// Compares a database with the fence that its catalogue asks for, as the gateway's own login role.
///
/// It sees what drifts by accident or by an ordinary owner's hand. A superuser of the protected
/// database can deceive it (SECURITY.md).
public final class FenceCheck {
  static final String PLAN_AGAIN = "review and apply the output of `lockbox resource plan` again.";

  private final Connection connection;
  private final ResourceSpec spec;
  private final DatabaseSchema schema;
  private SortedSet<String> shown = new TreeSet<>();
  private final List<Deviation> found = new ArrayList<>();

  private FenceCheck(Connection connection, ResourceSpec spec, DatabaseSchema schema) {
    this.connection = connection;
    this.spec = spec;
    this.schema = schema;
  }

  /// What refuses sessions now; empty when the fence stands.
  static List<Deviation> deviations(Connection connection, ResourceSpec spec) throws SQLException {
    return report(connection, spec).deviations();
  }

  /// Everything found, warnings and notes included.
  public static FenceReport report(Connection connection, ResourceSpec spec) throws SQLException {
    return CatalogSnapshot.read(
        connection,
        () -> {
          var schema = DatabaseSchema.readPinned(connection, spec).asItStands();
          return new FenceCheck(connection, spec, schema).report();
        });
  }

  private FenceReport report() throws SQLException {
    found.addAll(ServerCheck.of(spec, schema.version()));
    if (CatalogSnapshot.rows(connection, "standby.sql", rows -> rows.getBoolean(1)).getFirst()) {
      found.add(ServerCheck.standby(spec));
    }
    Optional<FenceSuspension> suspended = FenceSuspension.read(connection);
    suspended.ifPresent(suspension -> found.addFirst(suspension.deviation(spec)));
    found.addAll(CatalogueCheck.of(spec, schema));
    if (suspended.isEmpty() && installed()) {
      shown =
          new TreeSet<>(
              CatalogSnapshot.rows(connection, "view-columns.sql", rows -> rows.getString(1)));
      edition();
      found.addAll(FenceObjects.of(connection, spec, schema));
      roles();
      baseRights();
      strayRights();
      settings();
      writeEffects();
      found.addAll(HbaCheck.of(connection, spec));
    }
    publicRights();
    return new FenceReport(spec, schema.version(), found, suspended, hints());
  }

  private WriteHints hints() {
    return isComplete() ? WriteHints.of(spec, fenced()) : WriteHints.NONE;
  }

  /// Whether the catalogue fits the database, so that it is known what the fence should be.
  private boolean isComplete() {
    return CatalogueCheck.obstacles(spec, schema).isEmpty();
  }

  /// The database as the fence was made for it: without columns that are newer.
  private DatabaseSchema fenced() {
    return ShownColumns.of(spec, schema, shown);
  }

  private boolean installed() throws SQLException {
    boolean there =
        CatalogSnapshot.rows(
                connection,
                "installed.sql",
                rows -> rows.getBoolean(1),
                spec.address().gatewayRole())
            .getFirst();
    if (!there) {
      found.add(
          breaks(
              "fence-missing",
              spec.address().database(),
              "The database has no fence, or the gateway's role may not see it.",
              "review and apply the output of `lockbox resource plan`."));
    }
    return there;
  }

  private void edition() throws SQLException {
    record FenceVersion(String digest, int version, int major) {}
    var editions =
        CatalogSnapshot.rows(
            connection,
            "edition.sql",
            rows -> new FenceVersion(rows.getString(1), rows.getInt(2), rows.getInt(3)));
    var wanted = new FenceVersion(spec.fenceDigest(), FencePlan.VERSION, schema.version().major());
    if (!editions.equals(List.of(wanted))) {
      found.add(
          breaks(
              "fence-outdated",
              spec.id().value(),
              "The fence was made from another catalogue, plan or PostgreSQL version than now.",
              PLAN_AGAIN));
    }
  }

  private void roles() throws SQLException {
    String gateway = spec.address().gatewayRole();
    found.addAll(
        CatalogSnapshot.rows(
            connection,
            "fence-roles.sql",
            rows -> role(rows.getString(1), rows.getString(2), rows.getString(3)),
            gateway,
            gateway,
            gateway,
            gateway));
  }

  private static Deviation role(String finding, String role, String what) {
    return switch (finding) {
      case "attribute" ->
          breaks(
              "role-attribute",
              role,
              "The role " + role + " has attributes that it must not have: " + what + ".",
              "alter role " + role + " with no" + what.split(",", 2)[0] + ";");
      case "reaches" ->
          breaks(
              "role-reaches",
              role,
              "The role " + role + " is a member of " + what + ", beyond what the fence gives.",
              "revoke " + what + " from " + role + ";");
      case "reached" ->
          breaks(
              "role-member",
              role,
              what + " is a member of " + role + ", which only the fence's own roles may be.",
              "revoke " + role + " from " + what + ";");
      case "missing" ->
          breaks("role-missing", role, "The role " + role + " does not exist.", PLAN_AGAIN);
      case "setting" ->
          breaks(
              "role-setting",
              role,
              "The role " + role + " carries settings: " + what + ".",
              "alter role " + role + " reset all;");
      default ->
          breaks(
              "session-levels",
              role,
              "The session role " + role + " belongs to " + what + " levels.",
              "select lb.close_session('" + role + "');");
    };
  }

  private void baseRights() throws SQLException {
    if (!isComplete()) {
      return; // the expected rights cannot be worked out; the obstacles themselves are reported
    }
    var expected = new BaseRights(spec, fenced()).expected();
    var actual =
        new TreeSet<>(
            CatalogSnapshot.rows(
                connection,
                "base-rights.sql",
                rows ->
                    new BaseRight(
                        new TableName(rows.getString(1), rows.getString(2)),
                        rows.getString(3),
                        rows.getString(4))));
    var missing = new TreeSet<>(expected);
    missing.removeAll(actual);
    for (ColumnName column : newColumns()) {
      found.add(
          note(
              "column-new",
              column.toString(),
              "The column " + column + " is newer than the fence and unseen.",
              PLAN_AGAIN));
    }
    actual.removeAll(expected);
    for (TableSpec table : spec.tables()) {
      tenantRight(
          table, BaseRights.tenantUpdate(table).filter(actual::remove).isPresent(), missing);
    }
    actual.forEach(right -> right(right, "grant-too-much", "more than the catalogue needs"));
    missing.forEach(right -> right(right, "grant-missing", "which its views need but it lacks"));
  }

  /// The right to set the tenant column of a table, where something that others see before the
  /// check of the view has been made since, or has gone.
  private void tenantRight(TableSpec table, boolean tooMuch, Set<BaseRight> missing) {
    String name = table.name().toString();
    if (tooMuch) {
      found.add(
          breaks(
              "tenant-exposed",
              name,
              "Writes to %s may name its tenant column, and a key, partition, trigger, rule or condition sees the value before the view refuses it."
                  .formatted(name),
              PLAN_AGAIN));
    } else if (BaseRights.tenantUpdate(table).filter(missing::remove).isPresent()) {
      found.add(
          note(
              "tenant-settable",
              name,
              "Writes to %s may name its tenant column once the plan is applied again."
                  .formatted(name),
              PLAN_AGAIN));
    }
  }

  private void right(BaseRight right, String kind, String what) {
    boolean tooMuch = kind.equals("grant-too-much");
    found.add(
        breaks(
            kind,
            right.on().toString(),
            tooMuch
                ? "The role lb_view may %s, %s.".formatted(right, what)
                : "The role lb_view needs %s, %s.".formatted(right, what),
            tooMuch
                ? "revoke all on %s from lb_view; then ".formatted(right.on()) + PLAN_AGAIN
                : PLAN_AGAIN));
  }

  private void strayRights() throws SQLException {
    found.addAll(
        CatalogSnapshot.rows(
            connection,
            "stray-rights.sql",
            rows ->
                breaks(
                    "grant-too-much",
                    rows.getString(1),
                    "The role %s %s %s, outside the fence."
                        .formatted(rows.getString(1), rows.getString(2), rows.getString(3)),
                    "revoke it from " + rows.getString(1) + " (or change the owner).")));
  }

  private void settings() throws SQLException {
    for (String finding :
        CatalogSnapshot.rows(
            connection,
            "server-settings.sql",
            rows -> rows.getString(1),
            spec.address().gatewayRole())) {
      int colon = finding.indexOf(':');
      String subject = finding.substring(colon + 1);
      found.add(
          switch (colon < 0 ? finding : finding.substring(0, colon)) {
            case "temp" ->
                breaks(
                    "grant-too-much",
                    subject,
                    "Sessions of " + subject + " may create temporary tables or schemas.",
                    "revoke temporary, create on database %s from public, %s;"
                        .formatted(spec.address().database(), subject));
            case "app" ->
                note(
                    "role-without-app",
                    subject,
                    "The role "
                        + subject
                        + " is newer than the fence and lacks what PUBLIC once gave.",
                    "if it belongs to the application: grant lb_app to " + subject + ";");
            default ->
                warning(
                    "prepared-transactions",
                    subject,
                    "max_prepared_transactions is above 0: only the gateway keeps sessions from leaving"
                        + " locks behind.",
                    "set it to 0 unless the application needs it.");
          });
    }
  }

  /// Columns that were added after the fence was made: no view shows them.
  private SortedSet<ColumnName> newColumns() {
    var newer = new TreeSet<ColumnName>();
    if (shown.isEmpty()) {
      return newer;
    }
    for (TableSpec table : spec.tables()) {
      for (SchemaColumn column : new ViewSql(spec, schema).visible(table)) {
        if (!shown.contains(SqlName.of(table.name().name(), column.name()))) {
          newer.add(table.name().column(column.name()));
        }
      }
    }
    return newer;
  }

  private void writeEffects() throws SQLException {
    if (!spec.levels().contains(Level.WRITE)) {
      return;
    }
    record WriteEffect(TableName table, String what) {}
    for (WriteEffect effect :
        CatalogSnapshot.rows(
            connection,
            "write-effects.sql",
            rows ->
                new WriteEffect(
                    new TableName(rows.getString(1), rows.getString(2)), rows.getString(3)))) {
      if (spec.table(effect.table()).isPresent()) {
        found.add(
            note(
                "write-effect",
                effect.table().toString(),
                "At the write level, " + effect.table() + ": " + effect.what() + ".",
                ""));
      }
    }
  }

  private void publicRights() {
    for (PublicRight right : schema.publicRights()) {
      found.add(
          breaks(
              "public-right",
              right.name(),
              "PUBLIC, and so every session, holds %s on %s %s."
                  .formatted(right.privilege(), right.kind(), right.name()),
              right.grantToHolder() + " " + right.revokeFromPublic()));
    }
    if (spec.catalogs() == ResourceSpec.Catalogs.OPEN) {
      found.add(
          warning(
              "catalogs-open",
              spec.id().value(),
              "Sessions read all of PostgreSQL's catalogs: other databases, roles, sessions, row"
                  + " counts and definitions. resources.yaml accepts it (catalogs: open).",
              "remove 'catalogs: open' and apply the plan again."));
    }
  }
}
