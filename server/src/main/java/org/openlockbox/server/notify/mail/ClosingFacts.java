package org.openlockbox.server.notify.mail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.limits.Limit;
import org.openlockbox.core.session.ClosingRecord;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.notify.message.MailMessage.MailField;
import org.openlockbox.server.request.Denial;

/// A closing record as a letter tells it: moments in the reader's zone, and words of others as
/// theirs.
final class ClosingFacts {
  private final ClosingRecord record;
  private final List<MailField> facts = new ArrayList<>();

  private ClosingFacts(ClosingRecord record) {
    this.record = record;
  }

  static List<MailField> of(ClosingRecord record) {
    var closing = new ClosingFacts(record);
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
    add("Request", record.request().value());
    add("Engineer", engineer.id().value());
    name("Employer", engineer.employer().orElse("not known"));
    add("Country", engineer.country().orElse("not known"));
    add("Asked for", terms.resource() + ", " + terms.level().word());
    add("How long", MailTemplates.spoken(terms.duration()));
    add("Purpose", asked.purpose().word().replace('_', ' '));
    if (!asked.ticket().isEmpty()) {
      name("Ticket", asked.ticket());
    }
  }

  private void said(ClosingRecord.RecordedDecision said) {
    facts.add(
        new MailField.MomentField(
            label(said.verdict()), said.at(), by(Optional.of(said.by())) + less(said)));
    comment(said.comment());
  }

  private static String less(ClosingRecord.RecordedDecision said) {
    return said.narrowed().isEmpty()
        ? ""
        : said.narrowed().stream()
            .map(ClosingFacts::spoken)
            .collect(Collectors.joining(", ", ", less than asked: ", ""));
  }

  /// A limit by its label; level and duration are words already.
  private static String spoken(String narrowed) {
    return Arrays.stream(Limit.values())
        .filter(limit -> limit.word().equals(narrowed))
        .findFirst()
        .map(Limit::label)
        .orElse(narrowed);
  }

  private static String label(String verdict) {
    return switch (verdict) {
      case "approve" -> "Approved";
      case "deny" -> "Denied";
      case "revoke" -> "Revoked";
      default -> "Reviewed";
    };
  }

  /// What a decision ended was said with it.
  private void ended(ClosingRecord.RequestEnd end) {
    facts.add(new MailField.MomentField("Ended", end.at(), ", " + end.how() + by(end.by())));
    if (record.decisions().stream().noneMatch(said -> said.comment().equals(end.comment()))) {
      comment(end.comment());
    }
  }

  private void done() {
    add("Done", record.counts());
    record.totals().first().ifPresent(at -> facts.add(new MailField.MomentField("First", at, "")));
    record.totals().last().ifPresent(at -> facts.add(new MailField.MomentField("Last", at, "")));
    record.touched().forEach(line -> quote("", line));
    record.leftovers().forEach(why -> quote("NOT REMOVED", why));
  }

  private static String by(Optional<SubjectId> who) {
    return who.map(one -> ", by " + one).orElse("");
  }

  private void comment(String comment) {
    if (!comment.isEmpty()) {
      quote("Comment", Denial.parse(comment).english());
    }
  }

  private void add(String label, String value) {
    facts.add(new MailField.PlainField(label, value));
  }

  private void name(String label, String value) {
    facts.add(new MailField.NameField(label, value));
  }

  private void quote(String label, String value) {
    facts.add(new MailField.QuotedField(label, value));
  }
}
