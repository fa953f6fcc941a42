package org.openlockbox.core.statement;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.limits.ByteBudget;
import org.openlockbox.core.limits.Concurrency;
import org.openlockbox.core.limits.ExactStatements;
import org.openlockbox.core.limits.Hours;
import org.openlockbox.core.limits.Limit;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.limits.Shift;
import org.openlockbox.core.limits.SoftEnd;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.limits.Timeout;
import org.openlockbox.tlog.tree.Hash;

/// How limits are written, wherever terms are: an absent member means no limit, the guarded
/// profile, and an end on time. Those that only SQL has stand in a member `sql`. Each limit has one
/// spelling.
public final class LimitsJson {
  private static final String SQL = "sql";

  /// What may stand in a document besides its other members.
  private static final List<String> MEMBERS =
      Stream.concat(
              Arrays.stream(Limit.values()).filter(limit -> !limit.isOfSql()).map(Limit::word),
              Stream.of(SQL))
          .toList();

  private LimitsJson() {}

  /// Adds the limits that differ from [Limits#UNWRITTEN].
  public static void put(JsonObjectBuilder json, Limits limits) {
    if (!limits.rowBudget().isUnlimited()) {
      json.put("rowBudget", limits.rowBudget().rows());
    }
    if (!limits.byteBudget().isUnlimited()) {
      json.put("byteBudget", limits.byteBudget().bytes());
    }
    limits.statementTimeout().after().ifPresent(after -> json.put("operationTimeout", after));
    limits.idleTimeout().after().ifPresent(after -> json.put("idleTimeout", after));
    if (!limits.sessions().isUnlimited()) {
      json.put("sessions", limits.sessions().sessions());
    }
    if (!limits.hours().isAlways()) {
      json.putTexts("hours", limits.hours().words());
    }
    if (!limits.softEnd().isNone()) {
      json.put("softEnd", limits.softEnd().grace());
    }
    var sql = sql(limits);
    if (!sql.members().isEmpty()) {
      json.put(SQL, sql);
    }
  }

  /// Those that only SQL has.
  private static Json.Object sql(Limits limits) {
    var json = Json.object();
    if (!limits.tables().isAll()) {
      json.putTexts("tables", limits.tables().names());
    }
    if (limits.profile() != Profile.GUARDED) {
      json.put("profile", limits.profile().word());
    }
    if (!limits.statements().isAny()) {
      json.putTexts(
          "statements", limits.statements().commitments().stream().map(Hash::hex).toList());
    }
    return json.build();
  }

  /// How one of them is written; empty where it is no limit.
  public static Optional<Json> written(Limits limits, Limit limit) {
    var of = limit.isOfSql() ? sql(limits) : toJson(limits);
    return Optional.ofNullable(of.members().get(limit.word()));
  }

  public static Json.Object toJson(Limits limits) {
    var json = Json.object();
    put(json, limits);
    return json.build();
  }

  /// Reads what [#toJson] wrote.
  public static Limits parse(Json json) {
    return StatementJson.reading(
        "limits",
        () -> {
          var fields = Fields.of(json, "limits");
          var limits = read(fields);
          fields.done();
          return limits;
        });
  }

  /// Reads the members that are limits, in the one spelling that [#put] writes.
  public static Limits read(Fields fields) {
    var limits = readAnySpelling(fields);
    var written = toJson(limits).members();
    for (var name : MEMBERS) {
      var given = fields.has(name) ? fields.json(name) : null;
      if (!Objects.equals(given, written.get(name))) {
        throw new MalformedJson("'%s' is not written in its only spelling".formatted(name));
      }
    }
    return limits;
  }

  /// Reads the members that are limits from people's hands: in any order, and also where they say
  /// what holds anyway.
  public static Limits readAnySpelling(Fields fields) {
    var sql = fields.optionalObject(SQL).orElseGet(() -> Fields.of(Json.object().build(), SQL));
    var limits =
        new Limits(
            rowBudget(fields),
            byteBudget(fields),
            sql.optionalTexts("tables").map(Tables::of).orElse(Tables.ALL),
            fields.optionalDuration("operationTimeout").map(Timeout::of).orElse(Timeout.NONE),
            fields.optionalDuration("idleTimeout").map(Timeout::of).orElse(Timeout.NONE),
            fields.has("sessions")
                ? new Concurrency(fields.count("sessions"))
                : Concurrency.UNLIMITED,
            hours(fields),
            sql.optionalValue("profile", Profile::parse).orElse(Profile.GUARDED),
            statements(sql),
            fields.optionalDuration("softEnd").map(SoftEnd::new).orElse(SoftEnd.NONE));
    sql.done();
    return limits;
  }

  private static RowBudget rowBudget(Fields fields) {
    var rows = fields.optionalNumber("rowBudget");
    return rows.isPresent() ? new RowBudget(rows.getAsLong()) : RowBudget.UNLIMITED;
  }

  private static ByteBudget byteBudget(Fields fields) {
    var bytes = fields.optionalNumber("byteBudget");
    return bytes.isPresent() ? new ByteBudget(bytes.getAsLong()) : ByteBudget.UNLIMITED;
  }

  private static Hours hours(Fields fields) {
    var shifts = fields.optionalTexts("hours").orElse(List.of());
    if (shifts.size() > Hours.MOST) {
      throw new MalformedJson("'hours' are at most 10 shifts");
    }
    return new Hours(shifts.stream().map(Shift::parse).toList());
  }

  private static ExactStatements statements(Fields fields) {
    return fields
        .optionalTexts("statements")
        .map(hashes -> ExactStatements.of(hashes.stream().map(Hash::ofHex).toList()))
        .orElse(ExactStatements.ANY);
  }
}
