package org.openlockbox.server.notify.mail;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.session.ClosingRecord;
import org.openlockbox.server.notify.MailNames;
import org.openlockbox.server.notify.message.MailMessage;
import org.openlockbox.server.notify.message.MailMessage.MailField;
import org.openlockbox.server.notify.message.MailText;
import org.openlockbox.server.notify.message.MailWords;
import org.openlockbox.server.request.RequestExtension;
import org.openlockbox.server.request.StoredRequest;

/// What the tenant's people are told of each step of a request. Subjects put what there is to
/// decide first, hold no data of the tenant's and no word that the requester's side chose; the one
/// link leads to the page about the request, where nothing happens by looking.
public final class MailTemplates {
  private final URI publicUrl;
  private final String tenantName;
  private final MailNames names;
  private final Optional<RequestExtension> extension;

  /// @param extension what the request extends that they are about
  public MailTemplates(
      URI publicUrl, String tenantName, MailNames names, Optional<RequestExtension> extension) {
    this.extension = extension;
    this.publicUrl = publicUrl;
    this.tenantName = tenantName;
    this.names = names;
  }

  /// The letter for where the request stands now.
  public MailText about(StoredRequest stored) {
    return again(stored, "v" + stored.version(), headline(stored));
  }

  /// A letter in the thread of a request that says again where it stands; `headline` is the id of
  /// the message that begins its subject.
  public MailText again(StoredRequest stored, String step, String headline) {
    return words ->
        new MailMessage(
                stored.id().toString(),
                step,
                subject(words, headline, stored),
                facts(words, stored),
                List.of(words.say("closing." + standing(stored))),
                Optional.of(page(stored)))
            .headed(RequestSentence.of(words, stored, tenantName))
            .with(commands(words, stored));
  }

  /// The letter that says that a role of one of its sessions still stands.
  public MailText leftover(StoredRequest stored, String step, String why) {
    boolean open = isOpen(stored);
    return words -> {
      var facts = new ArrayList<>(facts(words, stored));
      var left = new MailField.QuotedField(words.say("fact.left"), why);
      if (!facts.contains(left)) {
        facts.add(left);
      }
      return new MailMessage(
              stored.id().toString(),
              step,
              subject(words, "headline.leftover", stored),
              facts,
              List.of(
                  words.say("leftover.lead"), words.say(open ? "leftover.open" : "closing.over")),
              Optional.of(page(stored)))
          .with(
              List.of(
                  open
                      ? "lockbox revoke %s --key %s".formatted(stored.id(), key(words))
                      : "lockbox log --request %s".formatted(stored.id())));
    };
  }

  private static boolean isOpen(StoredRequest stored) {
    return stored.request() instanceof AccessRequest.Approved approved
        && approved.grant() instanceof Grant.Active;
  }

  /// The letter for the provider's operators about a role that still stands, or is gone at last. It
  /// holds nobody's words.
  public MailText forOperators(StoredRequest stored, long entry, Optional<String> why) {
    var id = stored.submission().terms().resource();
    return words -> {
      var facts = new ArrayList<MailField>();
      facts.add(new MailField.PlainField(words.say("fact.request"), stored.id().toString()));
      facts.add(new MailField.NameField(words.say("fact.tenant"), tenantName));
      facts.add(new MailField.NameField(words.say("fact.resource"), names.resource(id)));
      why.ifPresent(left -> facts.add(new MailField.QuotedField(words.say("fact.left"), left)));
      return new MailMessage(
          stored.id().toString(),
          "operators-" + entry,
          "[Lockbox] %s %s -> %s %s"
              .formatted(
                  words.say(why.isPresent() ? "headline.operators" : "headline.removed"),
                  stored.id(),
                  tenantName,
                  id),
          facts,
          List.of(words.say(why.isPresent() ? "operators.left" : "operators.gone")),
          Optional.of(page(stored)));
    };
  }

  /// The letter to the engineer whom an approver has asked something. What was asked stands on the
  /// page alone.
  public MailText question(StoredRequest stored, int n) {
    var asked = stored.submission();
    return words ->
        new MailMessage(
            stored.id().toString(),
            "comment-" + n,
            "[Lockbox] " + words.say("question.subject", tenantName, stored.id().value()),
            List.of(
                new MailField.PlainField(words.say("fact.request"), stored.id().toString()),
                new MailField.PlainField(words.say("fact.what"), what(words, stored)),
                new MailField.MomentField(words.say("fact.decideBy"), asked.decideBy(), "")),
            List.of(words.say("question.closing")),
            Optional.of(page(stored)));
  }

  /// The letter with the closing record, sent once nothing of the request is open any more.
  public MailText closing(StoredRequest stored, ClosingRecord record) {
    var id = stored.id();
    return words ->
        new MailMessage(
                id.toString(),
                "closing",
                "[Lockbox] %s %s, %s (%s)"
                    .formatted(
                        words.say("headline.record"),
                        tenantName,
                        stored.submission().terms().resource(),
                        id),
                ClosingFacts.of(words, names, stored.tenant(), record),
                List.of(words.say("record.closing")),
                Optional.of(page(stored)))
            .with(
                List.of(
                    "lockbox evidence %s --out %s.zip".formatted(id, id),
                    "lockbox verify %s.zip --explain --pin PIN".formatted(id)));
  }

  /// The letter for the engineer whose request was decided, or whose access was stopped. It holds
  /// ids and codes and nobody's words, so that an erasure has nothing to take back from it.
  public MailText forEngineer(StoredRequest stored) {
    return words ->
        new MailMessage(
                stored.id().toString(),
                "engineer-v" + stored.version(),
                "[Lockbox] "
                    + words.say(
                        "engineer.subject",
                        words.say(headline(stored)),
                        stored.id().value(),
                        tenantName,
                        stored.submission().terms().resource().value()),
                new RequestFacts(words, names, stored, extension).forEngineer(),
                List.of(words.say("engineer.next." + standing(stored))),
                Optional.of(page(stored)))
            .headed(RequestSentence.of(words, stored, tenantName))
            .with(isOpen(stored) ? List.of("lockbox psql " + stored.id()) : List.of());
  }

  /// One letter about requests that one engineer has made.
  public MailText together(List<StoredRequest> held) {
    var first = held.getFirst();
    return words -> {
      var facts =
          new ArrayList<>(new RequestFacts(words, names, first, Optional.empty()).engineer());
      for (var stored : held) {
        var terms = stored.submission().terms();
        facts.add(
            new MailField.PlainField(
                stored.id().toString(),
                "%s, %s: %s"
                    .formatted(
                        what(words, stored),
                        words.duration(terms.duration()),
                        words.say("state." + stored.request().state().word()))));
      }
      return new MailMessage(
              "group",
              first.id().toString(),
              "[Lockbox] " + words.say("group.subject", held.size(), tenantName),
              facts,
              List.of(words.say("group.closing")),
              Optional.of(publicUrl))
          .with(List.of("lockbox request ls --state pending"));
    };
  }

  private static String what(MailWords words, StoredRequest stored) {
    var terms = stored.submission().terms();
    return terms.resource() + ", " + words.brief(terms.level());
  }

  private List<MailField> facts(MailWords words, StoredRequest stored) {
    return new RequestFacts(words, names, stored, extension).all();
  }

  private URI page(StoredRequest stored) {
    return publicUrl.resolve("/requests/" + stored.id());
  }

  private String subject(MailWords words, String headline, StoredRequest stored) {
    var terms = stored.submission().terms();
    return "[Lockbox] %s %s %s, %s (%s)"
        .formatted(
            words.say(headline),
            tenantName,
            what(words, stored),
            words.duration(terms.duration()),
            stored.id());
  }

  private static String headline(StoredRequest stored) {
    return switch (stored.request()) {
      case AccessRequest.Pending pending ->
          pending.approvals().isEmpty() ? "headline.asked" : "headline.more";
      case AccessRequest.Denied _ -> "headline.denied";
      case AccessRequest.Withdrawn _ -> "headline.withdrawn";
      case AccessRequest.Lapsed _ -> "headline.lapsed";
      case AccessRequest.Approved approved ->
          switch (approved.grant()) {
            case Grant.Active _ -> "headline.approved";
            case Grant.Ended ended -> "headline." + RequestFacts.how(ended);
            case Grant.RemovalFailed failed ->
                "headline." + RequestFacts.how(failed.ended()) + ".left";
          };
    };
  }

  /// What there is to say of it, in a word.
  private static String standing(StoredRequest stored) {
    return switch (stored.request()) {
      case AccessRequest.Pending _ -> "pending";
      case AccessRequest.Denied _ -> "denied";
      case AccessRequest.Withdrawn _ -> "withdrawn";
      case AccessRequest.Lapsed _ -> "lapsed";
      case AccessRequest.Approved(var _, var _, var _, var _, Grant.Active _) -> "open";
      case AccessRequest.Approved(var _, var _, var _, var _, Grant.Revoked _) -> "stopped";
      case AccessRequest.Approved _ -> "over";
    };
  }

  private static String key(MailWords words) {
    return words.say("command.key");
  }

  private static List<String> commands(MailWords words, StoredRequest stored) {
    var id = stored.id();
    return switch (stored.request()) {
      case AccessRequest.Pending _ ->
          List.of(
              "lockbox request show " + id,
              "lockbox approve %s --key %s    (%s: --level, --for, --rows)"
                  .formatted(id, key(words), words.say("command.limits")),
              "lockbox deny %s --key %s --comment \"%s\""
                  .formatted(id, key(words), words.say("command.why")));
      case AccessRequest.Approved(var _, var _, var _, var _, Grant.Active _) ->
          List.of("lockbox sessions ls", "lockbox revoke %s --key %s".formatted(id, key(words)));
      case AccessRequest.Approved _ ->
          List.of("lockbox evidence %s --out %s.zip".formatted(id, id));
      case AccessRequest.Denied _, AccessRequest.Withdrawn _, AccessRequest.Lapsed _ -> List.of();
    };
  }
}
