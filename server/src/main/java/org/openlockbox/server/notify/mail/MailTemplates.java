package org.openlockbox.server.notify.mail;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Approval;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.session.ClosingRecord;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.server.notify.message.MailMessage;
import org.openlockbox.server.notify.message.MailMessage.MailField;
import org.openlockbox.server.request.Denial;
import org.openlockbox.server.request.StoredRequest;

/// What the tenant's people are told of each step of a request. Subjects put what there is to
/// decide first, hold no data of the tenant's and no word that the requester's side chose; the one
/// link leads to the page about the request, where nothing happens by looking.
public final class MailTemplates {
  private final URI publicUrl;
  private final String tenantName;

  public MailTemplates(URI publicUrl, String tenantName) {
    this.publicUrl = publicUrl;
    this.tenantName = tenantName;
  }

  /// The letter for where the request stands now.
  public MailMessage about(StoredRequest stored) {
    return of(stored, "v" + stored.version(), subject(headline(stored), stored), facts(stored));
  }

  /// A letter in the thread of a request that says again where it stands.
  public MailMessage again(StoredRequest stored, String step, String headline) {
    return of(stored, step, subject(headline, stored), facts(stored));
  }

  /// The letter that says that a role of one of its sessions still stands.
  public MailMessage leftover(StoredRequest stored, String step, String why) {
    var facts = new ArrayList<>(facts(stored));
    var left = new MailField.QuotedField("Not removed", why);
    if (!facts.contains(left)) {
      facts.add(left);
    }
    boolean open =
        stored.request() instanceof AccessRequest.Approved approved
            && approved.grant() instanceof Grant.Active;
    return new MailMessage(
            stored.id().toString(),
            step,
            subject("ATTENTION, access could not be removed:", stored),
            facts,
            List.of(
                "A session has ended and nothing comes back from it any more, but its role still stands"
                    + " in the database. The gateway tries until it is gone; you are told then. If the"
                    + " gateway stops before, its next start drops the role and you are not told: ask"
                    + " your provider then.",
                open
                    ? "Access by this request goes on. You can stop it at any time."
                    : "What was done is in your log."),
            Optional.of(page(stored)))
        .with(
            List.of(
                open
                    ? "lockbox revoke %s --key YOUR-KEY".formatted(stored.id())
                    : "lockbox log --request %s".formatted(stored.id())));
  }

  /// The letter for the provider's operators about a role that still stands, or is gone at last. It
  /// holds nobody's words.
  public MailMessage forOperators(StoredRequest stored, long entry, Optional<String> why) {
    var facts = new ArrayList<MailField>();
    facts.add(new MailField.PlainField("Request", stored.id().toString()));
    facts.add(new MailField.PlainField("Tenant", stored.tenant().value()));
    facts.add(new MailField.PlainField("Resource", stored.submission().terms().resource().value()));
    why.ifPresent(words -> facts.add(new MailField.QuotedField("Not removed", words)));
    return new MailMessage(
        stored.id().toString(),
        "operators-" + entry,
        "[Lockbox] %s %s -> %s %s"
            .formatted(
                why.isPresent() ? "ATTENTION, a role could not be removed:" : "Removed after all:",
                stored.id(),
                stored.tenant(),
                stored.submission().terms().resource()),
        facts,
        List.of(
            why.isPresent()
                ? "The gateway tries until it is gone. Its log and the database's say what keeps"
                    + " it. If the gateway stops before, its next start drops the role and logs"
                    + " that; no mail says so, so look, and tell the tenant."
                : "Nothing is left of the sessions that have ended."),
        Optional.of(page(stored)));
  }

  /// The letter to the engineer whom an approver has asked something. What was asked stands on the
  /// page alone.
  public MailMessage question(StoredRequest stored, int n) {
    var asked = stored.submission();
    return new MailMessage(
        stored.id().toString(),
        "comment-" + n,
        "[Lockbox] %s asks you about %s".formatted(tenantName, stored.id()),
        List.of(
            new MailField.PlainField("Request", stored.id().toString()),
            new MailField.PlainField(
                "What", asked.terms().resource() + ", " + asked.terms().level().word()),
            new MailField.MomentField("Decide by", asked.decideBy(), "")),
        List.of("Read the question and answer it on the page of the request."),
        Optional.of(page(stored)));
  }

  /// The letter with the closing record, sent once nothing of the request is open any more.
  public MailMessage closing(StoredRequest stored, ClosingRecord record) {
    return new MailMessage(
            stored.id().toString(),
            "closing",
            "[Lockbox] Closing record: %s, %s (%s)"
                .formatted(tenantName, stored.submission().terms().resource(), stored.id()),
            ClosingFacts.of(record),
            List.of("The server counted this from your log. You can count it yourself."),
            Optional.of(page(stored)))
        .with(
            List.of(
                "lockbox evidence %s --out %s.zip".formatted(stored.id(), stored.id()),
                "lockbox verify %s.zip --explain --pin PIN".formatted(stored.id())));
  }

  /// The letter for the engineer whose request was decided. It holds ids and codes and nobody's
  /// words, so that an erasure has nothing to take back from it.
  public MailMessage forEngineer(StoredRequest stored) {
    var terms = stored.submission().terms();
    return new MailMessage(
            stored.id().toString(),
            "engineer-v" + stored.version(),
            "[Lockbox] %s your request %s -> %s %s"
                .formatted(headline(stored), stored.id(), tenantName, terms.resource()),
            factsForEngineer(stored),
            next(stored),
            Optional.of(page(stored)))
        .headed(RequestSentence.of(stored, tenantName))
        .with(
            stored.request() instanceof AccessRequest.Approved approved
                    && approved.grant() instanceof Grant.Active
                ? List.of("lockbox psql " + stored.id())
                : List.of());
  }

  private static List<MailField> factsForEngineer(StoredRequest stored) {
    var terms = stored.submission().terms();
    var facts = new ArrayList<MailField>();
    facts.add(new MailField.PlainField("Request", stored.id().toString()));
    facts.add(new MailField.PlainField("What", terms.resource() + ", " + terms.level().word()));
    facts.add(new MailField.PlainField("How long", spoken(terms.duration())));
    if (stored.request() instanceof AccessRequest.Approved approved) {
      addGranted(facts, approved);
    }
    return facts;
  }

  private static List<String> next(StoredRequest stored) {
    return switch (stored.request()) {
      case AccessRequest.Approved(var _, var _, var _, var _, Grant.Active _) ->
          List.of("You can connect until then.");
      case AccessRequest.Approved _ -> List.of("It is over.");
      case AccessRequest.Pending _ -> List.of("Nobody has decided yet.");
      case AccessRequest.Denied _ ->
          List.of("You have no access by it. Who denied it may have said why: look at it.");
      case AccessRequest.Withdrawn _ -> List.of("You have no access by it.");
      case AccessRequest.Lapsed _ ->
          List.of("Nobody answered in time. You have no access by it; ask again if you need it.");
    };
  }

  /// One letter about requests that one engineer has made.
  public MailMessage together(List<StoredRequest> held) {
    var first = held.getFirst();
    var facts = new ArrayList<MailField>();
    addEngineer(facts, first);
    for (var stored : held) {
      var terms = stored.submission().terms();
      facts.add(
          new MailField.PlainField(
              stored.id().toString(),
              "%s, %s, %s: %s"
                  .formatted(
                      terms.resource(),
                      terms.level().word(),
                      spoken(terms.duration()),
                      stored.request().state().word())));
    }
    return new MailMessage(
            "group",
            first.id().toString(),
            "[Lockbox] %s: %s"
                .formatted(
                    held.size() == 1 ? "One more request" : held.size() + " more requests",
                    tenantName),
            facts,
            List.of(
                "This engineer sends many requests, so they come in one mail. Requests that nobody"
                    + " answers lapse."),
            Optional.of(publicUrl))
        .with(List.of("lockbox request ls --state pending"));
  }

  private MailMessage of(StoredRequest stored, String step, String subject, List<MailField> facts) {
    return new MailMessage(
            stored.id().toString(),
            step,
            subject,
            facts,
            closing(stored),
            Optional.of(page(stored)))
        .headed(RequestSentence.of(stored, tenantName))
        .with(commands(stored));
  }

  private URI page(StoredRequest stored) {
    return publicUrl.resolve("/requests/" + stored.id());
  }

  private String subject(String headline, StoredRequest stored) {
    var asked = stored.submission();
    return "[Lockbox] %s %s %s, %s, %s (%s)"
        .formatted(
            headline,
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
            case Grant.Ended ended -> how(ended) + ":";
            case Grant.RemovalFailed failed -> how(failed.ended()) + ", but not removed yet:";
          };
    };
  }

  private static String how(Grant.Ended ended) {
    return switch (ended) {
      case Grant.Completed _ -> "Completed";
      case Grant.Expired _ -> "Expired";
      case Grant.Revoked _ -> "Revoked";
    };
  }

  private static List<MailField> facts(StoredRequest stored) {
    var asked = stored.submission();
    var facts = new ArrayList<MailField>();
    facts.add(new MailField.PlainField("Level", RequestSentence.level(asked.terms().level())));
    facts.add(new MailField.PlainField("How long", spoken(asked.terms().duration())));
    if (!asked.ticket().isEmpty()) {
      facts.add(new MailField.NameField("Ticket", asked.ticket()));
    }
    addState(facts, stored);
    facts.add(new MailField.PlainField("Resource", asked.terms().resource().value()));
    asked
        .terms()
        .notBefore()
        .ifPresent(start -> facts.add(new MailField.MomentField("From", start, "")));
    addLimits(facts, asked.terms().limits());
    facts.add(new MailField.PlainField("Purpose", asked.purpose().word().replace('_', ' ')));
    addEngineer(facts, stored);
    stored
        .reason()
        .ifPresent(reason -> facts.add(new MailField.QuotedField("Reason", reason.text())));
    facts.add(new MailField.PlainField("Request", stored.id().toString()));
    return facts;
  }

  /// What the requester's side calls itself: a line for each, so that none can go on as another.
  private static void addEngineer(List<MailField> facts, StoredRequest stored) {
    var engineer = stored.submission().engineer();
    facts.add(new MailField.NameField("Engineer", stored.engineer()));
    facts.add(new MailField.PlainField("Id", engineer.id().value()));
    facts.add(
        new MailField.PlainField(
            "Kind", engineer.kind().map(Engineer.EngineerKind::word).orElse("not known")));
    facts.add(new MailField.NameField("Employer", engineer.employer().orElse("not known")));
    facts.add(new MailField.PlainField("Country", engineer.country().orElse("not known")));
  }

  private static void addLimits(List<MailField> facts, Limits limits) {
    limits
        .words()
        .forEach(
            (limit, words) -> facts.add(new MailField.QuotedField(capital(limit.label()), words)));
  }

  private static String capital(String label) {
    return label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1);
  }

  private static void addState(List<MailField> facts, StoredRequest stored) {
    switch (stored.request()) {
      case AccessRequest.Pending pending ->
          facts.add(
              new MailField.MomentField(
                  "Decide by", stored.submission().decideBy(), needed(pending)));
      case AccessRequest.Denied denied -> {
        facts.add(new MailField.PlainField("Denied by", denied.by().value()));
        if (!denied.comment().isEmpty()) {
          facts.add(new MailField.QuotedField("Comment", Denial.parse(denied.comment()).english()));
        }
      }
      case AccessRequest.Withdrawn withdrawn ->
          facts.add(new MailField.PlainField("Withdrawn by", withdrawn.by().value()));
      case AccessRequest.Lapsed lapsed ->
          facts.add(new MailField.MomentField("Lapsed", lapsed.submission().decideBy(), ""));
      case AccessRequest.Approved approved -> addGrant(facts, stored, approved);
    }
  }

  private static String rule(StoredRequest stored) {
    return "rule %s: %s".formatted(stored.ruled().rule(), stored.ruled().says());
  }

  private static void addGrant(
      List<MailField> facts, StoredRequest stored, AccessRequest.Approved approved) {
    var by = approved.approvals().stream().map(Approval::approver).map(Object::toString).toList();
    facts.add(
        new MailField.PlainField(
            "Approved by", by.isEmpty() ? "your policy, " + rule(stored) : String.join(", ", by)));
    addGranted(facts, approved);
    switch (approved.grant()) {
      case Grant.Active _ -> {}
      case Grant.Ended ended -> facts.add(ended(ended));
      case Grant.RemovalFailed failed -> {
        facts.add(ended(failed.ended()));
        facts.add(new MailField.QuotedField("Not removed", failed.why()));
      }
    }
  }

  /// What was granted, which may be less than was asked for.
  private static void addGranted(List<MailField> facts, AccessRequest.Approved approved) {
    var terms = approved.grant().terms();
    facts.add(new MailField.PlainField("Granted", terms.level().word()));
    facts.add(new MailField.MomentField("From", terms.window().notBefore(), ""));
    facts.add(new MailField.MomentField("Until", terms.window().notAfter(), ""));
    if (!terms.limits().equals(approved.submission().terms().limits())) {
      addLimits(facts, terms.limits());
    }
  }

  private static MailField ended(Grant.Ended ended) {
    var how =
        switch (ended) {
          case Grant.Completed completed -> ", completed by " + completed.by();
          case Grant.Expired _ -> ", its time was over";
          case Grant.Revoked revoked -> ", revoked by " + revoked.by();
        };
    return new MailField.MomentField("Ended", ended.endedAt(), how);
  }

  private static String needed(AccessRequest.Pending pending) {
    int missing = pending.submission().quorum() - pending.approvals().size();
    return missing == 1 ? "" : ", %d approvers needed".formatted(missing);
  }

  private static List<String> closing(StoredRequest stored) {
    return switch (stored.request()) {
      case AccessRequest.Pending _ ->
          List.of("Nobody has access yet. If nobody decides in time, the request lapses.");
      case AccessRequest.Approved(var _, var _, var _, var _, Grant.Active _) ->
          List.of("You can watch it, and stop it at any time.");
      case AccessRequest.Approved _ -> List.of("What was done is in your log.");
      case AccessRequest.Denied _, AccessRequest.Withdrawn _, AccessRequest.Lapsed _ ->
          List.of("Nobody had access.");
    };
  }

  private static List<String> commands(StoredRequest stored) {
    var id = stored.id();
    return switch (stored.request()) {
      case AccessRequest.Pending _ ->
          List.of(
              "lockbox request show " + id,
              "lockbox approve %s --key YOUR-KEY    (limits: --level, --for, --rows)".formatted(id),
              "lockbox deny %s --key YOUR-KEY --comment \"why\"".formatted(id));
      case AccessRequest.Approved(var _, var _, var _, var _, Grant.Active _) ->
          List.of("lockbox sessions ls", "lockbox revoke %s --key YOUR-KEY".formatted(id));
      case AccessRequest.Approved _ ->
          List.of("lockbox evidence %s --out %s.zip".formatted(id, id));
      case AccessRequest.Denied _, AccessRequest.Withdrawn _, AccessRequest.Lapsed _ -> List.of();
    };
  }

  static String spoken(Duration duration) {
    long minutes = duration.toMinutes();
    if (minutes % 1440 == 0 && minutes > 0) {
      return minutes / 1440 + " d";
    }
    if (minutes % 60 == 0 && minutes > 0) {
      return minutes / 60 + " h";
    }
    return minutes > 0 ? minutes + " min" : duration.toSeconds() + " s";
  }
}
