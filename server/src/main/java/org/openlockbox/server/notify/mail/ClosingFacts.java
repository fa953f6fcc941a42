package org.openlockbox.server.notify.mail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.core.limits.Limit;
import org.openlockbox.core.session.ClosingRecord;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.MailNames;
import org.openlockbox.server.notify.message.MailMessage.MailField;
import org.openlockbox.server.notify.message.MailWords;

/// A closing record as a letter tells it: moments in the reader's zone, and words of others as
/// theirs.
final class ClosingFacts {
  private final MailWords words;
  private final MailNames names;
  private final TenantId tenant;
  private final ClosingRecord record;
  private final List<MailField> facts = new ArrayList<>();

  private ClosingFacts(MailWords words, MailNames names, TenantId tenant, ClosingRecord record) {
    this.words = words;
    this.names = names;
    this.tenant = tenant;
    this.record = record;
  }

  static List<MailField> of(
      MailWords words, MailNames names, TenantId tenant, ClosingRecord record) {
    var closing = new ClosingFacts(words, names, tenant, record);
    closing.asked();
    record.decisions().forEach(closing::said);
    record.end().ifPresent(closing::ended);
    closing.done();
    return closing.facts;
  }

  private void asked() {
    var asked = record.submission();
    var engineer = asked.engineer();
    var terms = asked.terms();
    add("request", record.request().value());
    name("engineer", names.person(tenant, engineer.id()));
    name("employer", engineer.employer().orElseGet(() -> words.say("fact.unknown")));
    add("country", engineer.country().orElseGet(() -> words.say("fact.unknown")));
    name("asked", names.resource(terms.resource()) + ", " + words.brief(terms.level()));
    add("duration", words.duration(terms.duration()));
    add("purpose", words.purpose(asked.purpose()));
    if (!asked.ticket().isEmpty()) {
      name("ticket", asked.ticket());
    }
  }

  private void said(ClosingRecord.RecordedDecision said) {
    facts.add(
        new MailField.MomentField(
            words.say("verdict." + verdict(said.verdict())),
            said.at(),
            by(Optional.of(said.by())) + less(said)));
    comment(said.comment());
  }

  private String less(ClosingRecord.RecordedDecision said) {
    return said.narrowed().isEmpty()
        ? ""
        : said.narrowed().stream()
            .map(this::narrowed)
            .collect(Collectors.joining(", ", ", " + words.say("record.less") + ": ", ""));
  }

  /// A limit by its label; of the terms, level and duration.
  private String narrowed(String word) {
    boolean limit = Arrays.stream(Limit.values()).anyMatch(one -> one.word().equals(word));
    return limit ? words.say("limit." + word) : words.known("fact." + word).orElse(word);
  }

  private static String verdict(String verdict) {
    return switch (verdict) {
      case "approve", "deny", "revoke" -> verdict;
      default -> "review";
    };
  }

  /// What a decision ended was said with it.
  private void ended(ClosingRecord.RequestEnd end) {
    var how = words.known("state." + end.how()).orElse(end.how());
    facts.add(
        new MailField.MomentField(words.say("fact.ended"), end.at(), ", " + how + by(end.by())));
    if (record.decisions().stream().noneMatch(said -> said.comment().equals(end.comment()))) {
      comment(end.comment());
    }
  }

  private void done() {
    add("done", counts());
    moment("first", record.totals().first());
    moment("last", record.totals().last());
    touched();
    record.leftovers().forEach(why -> quote(words.say("fact.left"), why));
  }

  private String counts() {
    var totals = record.totals();
    var units =
        record.sessions().stream().map(session -> session.protocol().unit()).distinct().toList();
    var unit = units.size() > 1 ? "unit" : units.isEmpty() ? "row" : units.getFirst();
    return words.say(
        "record.counts",
        totals.sessions(),
        totals.operations(),
        totals.failed(),
        totals.refused(),
        totals.unknown(),
        words.say("record.unit." + unit, totals.units()),
        totals.bytes());
  }

  private void touched() {
    var objects = record.objects();
    if (!objects.tables().isEmpty()) {
      var tables = objects.tables().stream().map(this::line).collect(Collectors.joining(", "));
      quote(
          words.say("fact.tables"),
          objects.tablesLeftOut() > 0
              ? tables + words.say("record.tables.more", objects.tablesLeftOut())
              : tables);
    }
    if (objects.unread() > 0) {
      quote("", words.say("record.unread", objects.unread()));
    }
  }

  private String line(ClosingRecord.Objects.TableUse table) {
    return words.say(
        table.writes() == 0 ? "record.table.read" : "record.table.written",
        SqlName.shown(table.name()),
        table.reads(),
        table.writes());
  }

  /// Somebody of the tenant by name; anybody else by their id, which they did not choose.
  private String by(Optional<SubjectId> who) {
    return who.map(one -> ", " + words.say("record.by", names.colleague(tenant, one))).orElse("");
  }

  private void comment(String comment) {
    if (!comment.isEmpty()) {
      quote(words.say("fact.comment"), RequestFacts.said(words, comment));
    }
  }

  private void moment(String label, Optional<Instant> at) {
    at.ifPresent(
        when -> facts.add(new MailField.MomentField(words.say("fact." + label), when, "")));
  }

  private void add(String label, String value) {
    facts.add(new MailField.PlainField(words.say("fact." + label), value));
  }

  private void name(String label, String value) {
    facts.add(new MailField.NameField(words.say("fact." + label), value));
  }

  private void quote(String label, String value) {
    facts.add(new MailField.QuotedField(label, value));
  }
}
