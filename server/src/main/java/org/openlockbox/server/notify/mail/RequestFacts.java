package org.openlockbox.server.notify.mail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Approval;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.notify.MailNames;
import org.openlockbox.server.notify.message.MailMessage.MailField;
import org.openlockbox.server.notify.message.MailWords;
import org.openlockbox.server.request.Denial;
import org.openlockbox.server.request.RequestExtension;
import org.openlockbox.server.request.StoredRequest;

/// A request and where it stands, as the labelled lines of a mail.
final class RequestFacts {
  private final MailWords words;
  private final MailNames names;
  private final StoredRequest stored;
  private final Optional<RequestExtension> extension;
  private final List<MailField> facts = new ArrayList<>();

  RequestFacts(
      MailWords words,
      MailNames names,
      StoredRequest stored,
      Optional<RequestExtension> extension) {
    this.extension = extension;
    this.words = words;
    this.names = names;
    this.stored = stored;
  }

  /// All that the tenant's people decide by.
  List<MailField> all() {
    var asked = stored.submission();
    plain("level", words.level(asked.terms().level()));
    plain("duration", words.duration(asked.terms().duration()));
    addExtension();
    if (!asked.ticket().isEmpty()) {
      name("ticket", asked.ticket());
    }
    addState();
    name("resource", names.resource(asked.terms().resource()));
    asked
        .terms()
        .notBefore()
        .ifPresent(start -> facts.add(new MailField.MomentField(label("from"), start, "")));
    addLimits(asked.terms().limits());
    plain("purpose", words.purpose(asked.purpose()));
    addEngineer();
    stored.reason().ifPresent(reason -> quoted("reason", reason.text()));
    plain("request", stored.id().toString());
    return List.copyOf(facts);
  }

  /// For the engineer: ids and codes, and nobody's words.
  List<MailField> forEngineer() {
    var terms = stored.submission().terms();
    plain("request", stored.id().toString());
    plain("what", terms.resource() + ", " + words.brief(terms.level()));
    plain("duration", words.duration(terms.duration()));
    addExtension();
    if (stored.request() instanceof AccessRequest.Approved approved) {
      addGranted(approved);
      if (approved.grant() instanceof Grant.Revoked stopped) {
        addEnd(stopped, stopped.by().value());
      }
    }
    return List.copyOf(facts);
  }

  /// Who asks.
  List<MailField> engineer() {
    addEngineer();
    return List.copyOf(facts);
  }

  private String label(String id) {
    return words.say("fact." + id);
  }

  private void plain(String label, String value) {
    facts.add(new MailField.PlainField(label(label), value));
  }

  private void name(String label, String value) {
    facts.add(new MailField.NameField(label(label), value));
  }

  private void quoted(String label, String value) {
    facts.add(new MailField.QuotedField(label(label), value));
  }

  /// What the requester's side calls itself: a line for each, so that none can go on as another.
  private void addEngineer() {
    var engineer = stored.submission().engineer();
    name("engineer", stored.engineer());
    plain("id", engineer.id().value());
    plain(
        "kind",
        engineer
            .kind()
            .map(Engineer.EngineerKind::word)
            .map(kind -> words.say("kind." + kind))
            .orElseGet(this::unknown));
    name("employer", engineer.employer().orElseGet(this::unknown));
    plain("country", engineer.country().orElseGet(this::unknown));
  }

  private String unknown() {
    return words.say("fact.unknown");
  }

  /// What it extends, and until when access would last instead; what was granted has its own line.
  private void addExtension() {
    extension.ifPresent(
        one -> {
          plain("extends", one.earlier().value());
          one.was().ifPresent(was -> moment("extendsEnd", was, ""));
          if (!one.granted()) {
            one.until()
                .ifPresent(until -> moment("until", until, ", " + words.say("fact.approvedNow")));
          }
        });
  }

  private void moment(String label, Instant at, String after) {
    facts.add(new MailField.MomentField(label(label), at, after));
  }

  private void addLimits(Limits limits) {
    new LimitLines(words, limits)
        .lines()
        .forEach((label, value) -> facts.add(new MailField.NameField(label, value)));
  }

  private void addState() {
    switch (stored.request()) {
      case AccessRequest.Pending pending ->
          facts.add(
              new MailField.MomentField(
                  label("decideBy"), stored.submission().decideBy(), needed(pending)));
      case AccessRequest.Denied denied -> {
        name("deniedBy", person(denied.by()));
        if (!denied.comment().isEmpty()) {
          quoted("comment", said(words, denied.comment()));
        }
      }
      case AccessRequest.Withdrawn withdrawn -> name("withdrawnBy", person(withdrawn.by()));
      case AccessRequest.Lapsed lapsed ->
          facts.add(new MailField.MomentField(label("lapsed"), lapsed.submission().decideBy(), ""));
      case AccessRequest.Approved approved -> addGrant(approved);
    }
  }

  /// A comment in the reader's language, as far as it is a word of ours.
  static String said(MailWords words, String comment) {
    var denial = Denial.parse(comment);
    return denial
        .code()
        .map(why -> words.say("denial." + why.word()))
        .map(why -> denial.text().isEmpty() ? why : why + ": " + denial.text())
        .orElse(denial.text());
  }

  private String person(SubjectId id) {
    return names.person(stored.tenant(), id);
  }

  private void addGrant(AccessRequest.Approved approved) {
    var by =
        approved.approvals().stream()
            .map(Approval::approver)
            .map(this::person)
            .collect(Collectors.joining(", "));
    name(
        "approvedBy",
        by.isEmpty() ? words.say("fact.rule", stored.ruled().rule(), stored.ruled().says()) : by);
    addGranted(approved);
    switch (approved.grant()) {
      case Grant.Active _ -> {}
      case Grant.Ended ended -> addEnd(ended);
      case Grant.RemovalFailed failed -> {
        addEnd(failed.ended());
        quoted("left", failed.why());
      }
    }
  }

  /// What was granted, which may be less than was asked for.
  private void addGranted(AccessRequest.Approved approved) {
    var terms = approved.grant().terms();
    plain("granted", words.brief(terms.level()));
    facts.add(new MailField.MomentField(label("from"), terms.window().notBefore(), ""));
    facts.add(new MailField.MomentField(label("until"), terms.window().notAfter(), ""));
    if (!terms.limits().equals(approved.submission().terms().limits())) {
      addLimits(terms.limits());
    }
  }

  /// How a grant ended, in the word of its messages.
  static String how(Grant.Ended ended) {
    return switch (ended) {
      case Grant.Completed _ -> "completed";
      case Grant.Expired _ -> "expired";
      case Grant.Revoked _ -> "revoked";
    };
  }

  private void addEnd(Grant.Ended ended) {
    var by =
        switch (ended) {
          case Grant.Completed completed -> completed.by().value();
          case Grant.Expired _ -> "";
          case Grant.Revoked revoked -> names.colleague(stored.tenant(), revoked.by());
        };
    addEnd(ended, by);
  }

  private void addEnd(Grant.Ended ended, String by) {
    facts.add(
        new MailField.MomentField(
            label("ended"), ended.endedAt(), ", " + words.say("ended." + how(ended), by)));
  }

  private String needed(AccessRequest.Pending pending) {
    int missing = pending.submission().quorum() - pending.approvals().size();
    return missing == 1 ? "" : ", " + words.say("fact.needed", missing);
  }
}
