package org.openlockbox.core.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.operation.FactsJson;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.statement.Count;
import org.openlockbox.core.statement.LimitsJson;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.SubjectId;

/// One request on one page: what was asked, who decided what with which key, what was done, how it
/// ended. Says nothing that the log does not say: [ClosingRecordBuilder] makes it from the
/// request's entries, the server's as well as those of a bundle, and whoever has the same entries
/// gets the same record.
///
/// `logIndex` is the last entry that it takes into account. Of sessions and tables it lists the
/// first [#MOST]; the totals count all.
public record ClosingRecord(
    long logIndex,
    Submission submission,
    Optional<String> reason,
    List<RecordedDecision> decisions,
    Optional<RequestEnd> end,
    List<SessionSummary> sessions,
    Objects objects,
    Totals totals,
    List<String> leftovers) {
  /// How many sessions, and how many tables, are listed.
  public static final int MOST = 200;

  public ClosingRecord {
    decisions = List.copyOf(decisions);
    sessions = List.copyOf(sessions);
    leftovers = List.copyOf(leftovers);
  }

  /// What somebody decided, in entry `index`: a review, a decision or a revocation. `key` signed
  /// it; the provider's reviews have none. `narrowed` names what of the asked terms was taken away.
  public record RecordedDecision(
      long index,
      Instant at,
      SubjectId by,
      String verdict,
      Optional<KeyId> key,
      Optional<Allowance> allowed,
      List<String> narrowed,
      String comment) {
    public RecordedDecision {
      narrowed = List.copyOf(narrowed);
    }

    Json.Object toJson() {
      var json =
          Json.object()
              .put("logIndex", index)
              .put("time", at)
              .put("by", by.value())
              .put("verdict", verdict)
              .putIfPresent("keyId", key.map(KeyId::hex));
      allowed.ifPresent(
          allowance -> {
            var granted =
                Json.object()
                    .put("level", allowance.level().word())
                    .put("notBefore", allowance.window().notBefore())
                    .put("notAfter", allowance.window().notAfter());
            LimitsJson.put(granted, allowance.limits());
            json.put("granted", granted.build()).putTexts("narrowed", narrowed);
          });
      return withComment(json, comment).build();
    }
  }

  /// How it ended: `denied`, `rejected`, `withdrawn`, `lapsed`, `completed`, `expired`, `stopped`
  /// or `revoked`.
  public record RequestEnd(
      long index, Instant at, Optional<SubjectId> by, String how, String comment) {
    Json.Object toJson() {
      var json =
          Json.object()
              .put("logIndex", index)
              .put("time", at)
              .putIfPresent("by", by.map(SubjectId::value))
              .put("how", how);
      return withComment(json, comment).build();
    }
  }

  /// One session. `ended` and `how` (`closed` by the gateway's signed word, `lost` by the server's)
  /// are empty while it is open; the counts are those of the outcomes in the log.
  public record SessionSummary(
      SessionId id,
      long index,
      GatewayId gateway,
      Protocol protocol,
      String level,
      String address,
      String application,
      Instant opened,
      Optional<Instant> ended,
      Optional<String> how,
      String reason,
      long operations,
      long units,
      long bytes) {
    Json.Object toJson() {
      var json =
          Json.object()
              .put("session", id.value())
              .put("logIndex", index)
              .put("gateway", gateway.value())
              .put("protocol", protocol.word())
              .put("level", level)
              .put("address", address)
              .put("application", application)
              .put("openTime", opened)
              .putIfPresent("how", how)
              .put("operations", operations)
              .put("units", units)
              .put("bytes", bytes);
      ended.ifPresent(at -> json.put("endTime", at).put("reason", reason));
      return json.build();
    }
  }

  /// The tables that operations named, as the gateway read them before it passed them on, and how
  /// many operations read and wrote each. `unread` operations could not be read; they may have
  /// touched others, but nothing outside the granted tables. Refused operations count for no table.
  public record Objects(List<TableUse> tables, long tablesLeftOut, long unread) {
    public Objects {
      tables = List.copyOf(tables);
    }

    public record TableUse(String name, long reads, long writes) {
      TableUse and(TableUse more) {
        return new TableUse(name, reads + more.reads, writes + more.writes);
      }
    }

    Json.Object toJson() {
      return Json.object()
          .put(
              "tables",
              tables.stream()
                  .map(
                      table ->
                          Json.object()
                              .put("name", table.name)
                              .put("reads", table.reads)
                              .put("writes", table.writes)
                              .build())
                  .toList())
          .put("tablesLeftOut", tablesLeftOut)
          .put("unread", unread)
          .build();
    }
  }

  /// Everything together. Of the `failed` operations the gateway itself `refused` some; `unknown`
  /// outcomes: operations whose result never came into the log.
  public record Totals(
      long sessions,
      long operations,
      long failed,
      long refused,
      long unknown,
      long units,
      long bytes,
      Optional<Instant> first,
      Optional<Instant> last) {
    Json.Object toJson() {
      var json =
          Json.object()
              .put("sessions", sessions)
              .put("operations", operations)
              .put("failed", failed)
              .put("refused", refused)
              .put("unknownOutcomes", unknown)
              .put("units", units)
              .put("bytes", bytes);
      first.ifPresent(at -> json.put("firstTime", at));
      last.ifPresent(at -> json.put("lastTime", at));
      return json.build();
    }
  }

  /// The same for readers who are not to see why access was asked for.
  public ClosingRecord withoutReason() {
    return new ClosingRecord(
        logIndex,
        submission,
        Optional.empty(),
        decisions,
        end,
        sessions,
        objects,
        totals,
        leftovers);
  }

  public RequestId request() {
    return submission.id();
  }

  public Json.Object toJson() {
    var json =
        Json.object()
            .put("v", 1)
            .put("tenant", submission.tenant().value())
            .put("request", submission.id().value())
            .put("logIndex", logIndex)
            .put("engineer", engineer(submission.engineer()))
            .put("purpose", submission.purpose().word())
            .put("ticket", submission.ticket())
            .putIfPresent("reason", reason)
            .put("asked", asked(submission.terms()))
            .put("decisions", decisions.stream().map(RecordedDecision::toJson).toList())
            .put("sessions", sessions.stream().map(SessionSummary::toJson).toList())
            .put("objects", objects.toJson())
            .put("totals", totals.toJson())
            .putTexts("leftovers", leftovers);
    end.ifPresent(how -> json.put("end", how.toJson()));
    return json.build();
  }

  private static Json.Object engineer(Engineer engineer) {
    var json =
        Json.object().put("id", engineer.id().value()).put("keyId", engineer.key().keyId().hex());
    FactsJson.put(json, engineer.facts());
    return json.build();
  }

  private static Json.Object asked(Terms terms) {
    var asked =
        Json.object()
            .put("resource", terms.resource().value())
            .put("level", terms.level().word())
            .put("duration", terms.duration());
    terms.notBefore().ifPresent(start -> asked.put("notBefore", start));
    LimitsJson.put(asked, terms.limits());
    return asked.build();
  }

  /// The record for people, a line each; not yet made harmless to a terminal.
  public List<String> lines() {
    var lines = new ArrayList<String>();
    var engineer = submission.engineer();
    lines.add(
        "%s asked for %s on %s for %s; purpose %s; ticket %s; %s"
            .formatted(
                engineer.id(),
                submission.terms().level().word(),
                submission.terms().resource(),
                submission.terms().duration(),
                submission.purpose().word(),
                submission.ticket().isEmpty() ? "none" : submission.ticket(),
                FactsJson.words(engineer.facts())));
    decisions.forEach(said -> lines.add(line(said)));
    end.ifPresent(how -> lines.add(line(how)));
    lines.add(counts());
    if (totals.first.isPresent() && totals.last.isPresent()) {
      lines.add("first %s, last %s".formatted(totals.first.get(), totals.last.get()));
    }
    lines.addAll(touched());
    leftovers.forEach(why -> lines.add("NOT REMOVED: " + TextRules.quoted(why)));
    return lines;
  }

  /// How much there was of everything.
  public String counts() {
    return "%s, %s (%d failed, %d of them refused, %d without an outcome), %s, %s"
        .formatted(
            Count.of(totals.sessions, "session"),
            Count.of(totals.operations, "operation"),
            totals.failed,
            totals.refused,
            totals.unknown,
            Count.of(totals.units, unit()),
            Count.of(totals.bytes, "byte"));
  }

  private String unit() {
    var units = sessions.stream().map(session -> session.protocol.unit()).distinct().toList();
    return switch (units.size()) {
      case 0 -> Protocol.POSTGRESQL.unit();
      case 1 -> units.getFirst();
      default -> "unit";
    };
  }

  /// Which tables were read and written, and whether that is all that is known.
  public List<String> touched() {
    var lines = new ArrayList<String>();
    if (!objects.tables.isEmpty()) {
      lines.add(
          "tables: "
              + String.join(", ", objects.tables.stream().map(ClosingRecord::line).toList())
              + (objects.tablesLeftOut > 0 ? " and %d more".formatted(objects.tablesLeftOut) : ""));
    }
    if (objects.unread > 0) {
      lines.add(Count.of(objects.unread, "operation") + " could not be read for their tables");
    }
    return lines;
  }

  private static String line(Objects.TableUse table) {
    return table.writes == 0
        ? "%s (read %d)".formatted(SqlName.shown(table.name), table.reads)
        : "%s (read %d, written %d)"
            .formatted(SqlName.shown(table.name), table.reads, table.writes);
  }

  private static String line(RecordedDecision said) {
    return "%s %s at %s%s%s%s"
        .formatted(
            said.by,
            said.verdict,
            said.at,
            said.key.map(key -> " with key " + key.hex().substring(0, 12)).orElse(""),
            said.narrowed.isEmpty() ? "" : ", narrowed: " + String.join(", ", said.narrowed),
            said.comment.isEmpty() ? "" : ": " + TextRules.quoted(said.comment));
  }

  private static String line(RequestEnd end) {
    return "ended at %s: %s%s%s"
        .formatted(
            end.at,
            end.how,
            end.by.map(by -> " by " + by).orElse(""),
            end.comment.isEmpty() ? "" : ": " + TextRules.quoted(end.comment));
  }

  private static JsonObjectBuilder withComment(JsonObjectBuilder json, String comment) {
    return comment.isEmpty() ? json : json.put("comment", comment);
  }
}
