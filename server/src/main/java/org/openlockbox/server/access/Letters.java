package org.openlockbox.server.access;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Approval;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.Limits;
import org.openlockbox.core.evidence.ClosingRecord;
import org.openlockbox.server.notify.Letter;
import org.openlockbox.server.notify.Letter.Line;

/// What the tenant is told of each step of a request. Subjects say what it is about and hold no
/// data of the tenant's; no letter has a link, because nothing that is only followed may decide
/// anything.
final class Letters {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

  private Letters() {}

  /// The letter for where the request stands now.
  static Letter about(String tenantName, StoredRequest stored) {
    return new Letter(
        stored.id().toString(),
        "v" + stored.version(),
        subject(tenantName, stored),
        lines(stored),
        closing(stored));
  }

  /// The letter with the closing record, sent once nothing of the request is open any more.
  static Letter closing(String tenantName, StoredRequest stored, ClosingRecord record) {
    var lines = new ArrayList<Line>();
    lines.add(new Line("Request", stored.id().toString()));
    record.lines().forEach(line -> lines.add(new Line("", line)));
    return new Letter(
        stored.id().toString(),
        "closing",
        "[Lockbox] Closing record: %s, %s (%s)"
            .formatted(tenantName, stored.submission().terms().resource(), stored.id()),
        lines,
        List.of(
            "Counted by the server from your log. To count it yourself:",
            "lockbox evidence %s --out %s.zip\nlockbox verify %s.zip --explain --pin PIN"
                .formatted(stored.id(), stored.id(), stored.id())));
  }

  private static String subject(String tenantName, StoredRequest stored) {
    var asked = stored.submission();
    return "[Lockbox] %s %s (%s) -> %s %s, %s, %s (%s)"
        .formatted(
            headline(stored),
            stored.engineer(),
            asked.engineer().employer(),
            tenantName,
            asked.terms().resource(),
            asked.terms().level().word(),
            spoken(asked.terms().duration()),
            stored.id());
  }

  private static String headline(StoredRequest stored) {
    return switch (stored.request()) {
      case AccessRequest.Pending pending ->
          pending.approvals().isEmpty() ? "Approve?" : "One more approval?";
      case AccessRequest.Denied _ -> "Denied:";
      case AccessRequest.Withdrawn _ -> "Withdrawn:";
      case AccessRequest.Lapsed _ -> "Lapsed, nobody decided:";
      case AccessRequest.Approved approved ->
          switch (approved.grant()) {
            case Grant.Active _ -> "Approved:";
            case Grant.Completed _ -> "Completed:";
            case Grant.Expired _ -> "Expired:";
            case Grant.Revoked _ -> "Revoked:";
            case Grant.RemovalFailed _ -> "ATTENTION, access could not be removed:";
          };
    };
  }

  private static List<Line> lines(StoredRequest stored) {
    var asked = stored.submission();
    var engineer = asked.engineer();
    var lines = new ArrayList<Line>();
    lines.add(new Line("Request", stored.id().toString()));
    lines.add(
        new Line(
            "Who",
            "%s, %s, %s (%s)"
                .formatted(
                    stored.engineer(),
                    engineer.employer(),
                    engineer.country(),
                    engineer.kind().word())));
    lines.add(new Line("What", asked.terms().resource() + ", " + asked.terms().level().word()));
    lines.add(new Line("How long", spoken(asked.terms().duration())));
    asked.terms().notBefore().ifPresent(start -> lines.add(new Line("From", UTC.format(start))));
    addLimits(lines, asked.terms().limits());
    lines.add(new Line("Why", asked.purpose().word().replace('_', ' ') + " " + asked.ticket()));
    stored.reason().ifPresent(reason -> lines.add(new Line("Reason", reason.text())));
    addState(lines, stored);
    return lines;
  }

  private static void addLimits(List<Line> lines, Limits limits) {
    limits.words().forEach((limit, words) -> lines.add(new Line(capital(limit.label()), words)));
  }

  private static String capital(String label) {
    return label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1);
  }

  private static void addState(List<Line> lines, StoredRequest stored) {
    switch (stored.request()) {
      case AccessRequest.Pending pending ->
          lines.add(
              new Line("Answer by", UTC.format(stored.submission().decideBy()) + needed(pending)));
      case AccessRequest.Denied denied ->
          lines.add(new Line("Denied by", denied.by() + comment(denied.comment())));
      case AccessRequest.Withdrawn withdrawn ->
          lines.add(new Line("Withdrawn by", withdrawn.by().value()));
      case AccessRequest.Lapsed lapsed ->
          lines.add(new Line("Lapsed", UTC.format(lapsed.submission().decideBy())));
      case AccessRequest.Approved approved -> addGrant(lines, approved);
    }
  }

  private static void addGrant(List<Line> lines, AccessRequest.Approved approved) {
    var terms = approved.grant().terms();
    var by = approved.approvals().stream().map(Approval::approver).map(Object::toString).toList();
    lines.add(new Line("Approved by", String.join(", ", by)));
    lines.add(
        new Line(
            "Granted",
            "%s, %s to %s"
                .formatted(
                    terms.level().word(),
                    UTC.format(terms.window().notBefore()),
                    UTC.format(terms.window().notAfter()))));
    if (!terms.limits().equals(approved.submission().terms().limits())) {
      addLimits(lines, terms.limits());
    }
    switch (approved.grant()) {
      case Grant.Active _ -> {}
      case Grant.Ended ended -> lines.add(new Line("Ended", ended(ended)));
      case Grant.RemovalFailed failed -> {
        lines.add(new Line("Ended", ended(failed.ended())));
        lines.add(new Line("Not removed", failed.why()));
      }
    }
  }

  private static String ended(Grant.Ended ended) {
    String at = UTC.format(ended.endedAt());
    return switch (ended) {
      case Grant.Completed completed -> at + ", completed by " + completed.by();
      case Grant.Expired _ -> at + ", its time was over";
      case Grant.Revoked revoked -> at + ", revoked by " + revoked.by();
    };
  }

  private static String needed(AccessRequest.Pending pending) {
    int missing = pending.submission().quorum() - pending.approvals().size();
    return missing == 1 ? "" : ", %d approvers needed".formatted(missing);
  }

  private static String comment(String comment) {
    return comment.isEmpty() ? "" : ": " + comment;
  }

  private static List<String> closing(StoredRequest stored) {
    var id = stored.id();
    return switch (stored.request()) {
      case AccessRequest.Pending _ ->
          List.of(
              "Nobody has access yet. Unanswered, the request lapses.",
              """
              lockbox request show %s
              lockbox approve %s --key YOUR-KEY    (add --level, --for, --rows and so on to allow less)
              lockbox deny %s --key YOUR-KEY --comment "why"\
              """
                  .formatted(id, id, id));
      case AccessRequest.Approved(var _, var _, var _, var _, Grant.Active _) ->
          List.of(
              "You can watch it, and end it at any time:",
              "lockbox sessions ls\nlockbox revoke %s --key YOUR-KEY".formatted(id));
      case AccessRequest.Approved _ ->
          List.of(
              "What was done is in your log:",
              "lockbox evidence %s --out %s.zip".formatted(id, id));
      case AccessRequest.Denied _, AccessRequest.Withdrawn _, AccessRequest.Lapsed _ ->
          List.of("Nobody had access.");
    };
  }

  private static String spoken(Duration duration) {
    long minutes = duration.toMinutes();
    if (minutes % 1440 == 0 && minutes > 0) {
      return minutes / 1440 + " d";
    }
    if (minutes % 60 == 0 && minutes > 0) {
      return minutes / 60 + " h";
    }
    return minutes > 0 ? minutes + " min" : duration.toSeconds() + " s";
  }

  /// When a thing ends, for people.
  static String utc(Instant instant) {
    return UTC.format(instant);
  }
}
