package org.openlockbox.core.evidence;

import java.util.List;
import java.util.Objects;
import org.openlockbox.core.access.ByteBudget;
import org.openlockbox.core.access.Concurrency;
import org.openlockbox.core.access.ExactStatements;
import org.openlockbox.core.access.Hours;
import org.openlockbox.core.access.Limit;
import org.openlockbox.core.access.Limits;
import org.openlockbox.core.access.Profile;
import org.openlockbox.core.access.RowBudget;
import org.openlockbox.core.access.Shift;
import org.openlockbox.core.access.SoftEnd;
import org.openlockbox.core.access.Tables;
import org.openlockbox.core.access.Timeout;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.tlog.Hash;

/// How limits are written, wherever terms are: an absent member means no limit, the guarded
/// profile, and an end on time. Each limit has one spelling.
public final class LimitsJson {
  private LimitsJson() {}

  /// Adds the limits that differ from [Limits#UNWRITTEN].
  public static void put(JsonObjectBuilder json, Limits limits) {
    if (!limits.rowBudget().isUnlimited()) {
      json.put("rowBudget", limits.rowBudget().rows());
    }
    if (!limits.byteBudget().isUnlimited()) {
      json.put("byteBudget", limits.byteBudget().bytes());
    }
    if (!limits.tables().isAll()) {
      json.putTexts("tables", limits.tables().names());
    }
    limits.statementTimeout().after().ifPresent(after -> json.put("statementTimeout", after));
    limits.idleTimeout().after().ifPresent(after -> json.put("idleTimeout", after));
    if (!limits.sessions().isUnlimited()) {
      json.put("sessions", limits.sessions().sessions());
    }
    if (!limits.hours().isAlways()) {
      json.putTexts("hours", limits.hours().words());
    }
    if (limits.profile() != Profile.GUARDED) {
      json.put("profile", limits.profile().word());
    }
    if (!limits.statements().isAny()) {
      json.putTexts(
          "statements", limits.statements().commitments().stream().map(Hash::hex).toList());
    }
    if (!limits.softEnd().isNone()) {
      json.put("softEnd", limits.softEnd().grace());
    }
  }

  public static Json.Object toJson(Limits limits) {
    var json = Json.object();
    put(json, limits);
    return json.build();
  }

  /// Reads what [#toJson] wrote.
  public static Limits parse(Json json) {
    return RequestJson.reading(
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
    for (var limit : Limit.values()) {
      var given = fields.has(limit.word()) ? fields.json(limit.word()) : null;
      if (!Objects.equals(given, written.get(limit.word()))) {
        throw new MalformedJson("'%s' is not written in its only spelling".formatted(limit.word()));
      }
    }
    return limits;
  }

  /// Reads the members that are limits from people's hands: in any order, and also where they say
  /// what holds anyway.
  public static Limits readAnySpelling(Fields fields) {
    return new Limits(
        rowBudget(fields),
        byteBudget(fields),
        fields.optionalTexts("tables").map(Tables::of).orElse(Tables.ALL),
        fields.optionalDuration("statementTimeout").map(Timeout::of).orElse(Timeout.NONE),
        fields.optionalDuration("idleTimeout").map(Timeout::of).orElse(Timeout.NONE),
        fields.has("sessions") ? new Concurrency(fields.count("sessions")) : Concurrency.UNLIMITED,
        hours(fields),
        fields.optionalValue("profile", Profile::parse).orElse(Profile.GUARDED),
        statements(fields),
        fields.optionalDuration("softEnd").map(SoftEnd::new).orElse(SoftEnd.NONE));
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
