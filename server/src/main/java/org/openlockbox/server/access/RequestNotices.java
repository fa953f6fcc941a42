package org.openlockbox.server.access;

import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.policy.Approvers;
import org.openlockbox.core.policy.Effect;
import org.openlockbox.core.session.ClosingRecord;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.notify.contact.Audience;
import org.openlockbox.server.notify.mail.MailTemplates;
import org.openlockbox.server.notify.message.MailText;
import org.openlockbox.server.notify.message.Notice;
import org.openlockbox.server.notify.message.NoticeKind;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.RequestExtension;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;

/// Tells a tenant of the steps of its requests, and of what is left over of their sessions, each in
/// the transaction that makes it so.
public final class RequestNotices {
  private final Store store;
  private final Notices notices;
  private final People people;
  private final InstantSource clock;
  private final URI publicUrl;

  /// `publicUrl` is where people reach this server's pages.
  public RequestNotices(
      Store store, Notices notices, People people, InstantSource clock, URI publicUrl) {
    this.store = store;
    this.notices = notices;
    this.people = people;
    this.clock = clock;
    this.publicUrl = publicUrl;
  }

  /// Tells where the request stands now, and begins to remind of it. Of a request that people have
  /// not been told of yet, because it waits to be told with others, only programs are told until it
  /// is decided.
  void tell(StoredRequest stored) {
    tellEngineer(stored);
    var notice = notice(stored, kind(stored), letters(stored).about(stored));
    boolean decided =
        switch (stored.request()) {
          case AccessRequest.Pending _, AccessRequest.Withdrawn _, AccessRequest.Lapsed _ -> false;
          case AccessRequest.Denied _, AccessRequest.Approved _ -> true;
        };
    if (isHeld(stored) && !decided) {
      notices.toPrograms(stored.tenant(), notice);
      return;
    }
    notices.tell(stored.tenant(), notice);
    if (stored.request() instanceof AccessRequest.Pending) {
      tellAsked(stored, notice);
      Reminders.begin(store, stored, clock.instant());
    }
  }

  /// Tells those whom the rule asks, where it asks a group, at the addresses that they sign in
  /// with. Who is told of the step as a contact is not told twice.
  private void tellAsked(StoredRequest stored, Notice notice) {
    var policy = store.tenants().keyring(stored.tenant()).policy();
    var asked =
        policy.rules().stream()
            .filter(rule -> rule.id().equals(stored.ruled().rule()))
            .flatMap(rule -> group(rule.effect()).stream())
            .flatMap(who -> policy.asked(who, stored.createdAt(), clock.instant()).stream())
            .collect(Collectors.toSet());
    people.of(Optional.of(stored.tenant())).stream()
        .filter(person -> asked.contains(person.subject()))
        .forEach(person -> notices.toOneOf(stored.tenant(), person.address().value(), notice));
  }

  private static Optional<Approvers> group(Effect effect) {
    return switch (effect) {
      case Effect.Ask(var approvers) -> Optional.of(approvers).filter(a -> a.group().isPresent());
      case Effect.Approve _, Effect.Deny _ -> Optional.empty();
    };
  }

  /// Tells the engineer, or who answers for it, that the request was decided, or that the customer
  /// stopped what was granted, if the portal knows an address. It is the provider's own mail: the
  /// tenant's deliveries do not have it.
  private void tellEngineer(StoredRequest stored) {
    boolean decided =
        switch (stored.request()) {
          case AccessRequest.Pending _, AccessRequest.Withdrawn _ -> false;
          case AccessRequest.Denied _, AccessRequest.Lapsed _ -> true;
          case AccessRequest.Approved approved ->
              approved.grant() instanceof Grant.Active || approved.grant() instanceof Grant.Revoked;
        };
    var engineer = stored.submission().engineer();
    if (decided) {
      people
          .provider(engineer.responsible().orElse(engineer.id()))
          .ifPresent(
              person ->
                  notices.toPerson(
                      Optional.empty(),
                      person.address().value(),
                      kind(stored),
                      letters(stored).forEngineer(stored)));
    }
  }

  private boolean isHeld(StoredRequest stored) {
    return store
            .jdbc()
            .sql("select count(*) from grouped_request where tenant_id = ? and request_id = ?")
            .params(stored.tenant().value(), stored.id().value())
            .query(Long.class)
            .single()
        > 0;
  }

  /// Tells people, in one letter, of requests that one engineer has made.
  void tellTogether(List<StoredRequest> held) {
    var first = held.getFirst();
    var letter = letters(first).together(held);
    var data =
        Json.object()
            .put("tenant", first.tenant().value())
            .put("engineer", first.submission().engineer().id().value())
            .putTexts("requests", held.stream().map(one -> one.id().value()).toList())
            .build();
    var soonest = held.stream().map(one -> one.submission().decideBy()).min(Instant::compareTo);
    var notice =
        new Notice(NoticeKind.REQUESTS_GROUPED, Optional.empty(), letter, data, false, soonest);
    notices.tell(first.tenant(), notice);
    held.forEach(one -> tellAsked(one, notice));
  }

  /// Reminds this audience that a request waits for an answer.
  void remind(StoredRequest stored, Audience audience, Reminder reminder) {
    var letter =
        letters(stored).again(stored, reminder.name().toLowerCase(Locale.ROOT), reminder.headline);
    var notice = notice(stored, reminder.kind, letter);
    var told = reminder == Reminder.LAST ? notice.asUrgent() : notice;
    notices.tell(stored.tenant(), audience, told);
    if (audience == Audience.APPROVERS) {
      tellAsked(stored, told);
    }
  }

  /// Tells the other side that something was asked or answered; what, stands on the page alone.
  void tellComment(StoredRequest stored, Comments.CommentSide side, int n) {
    switch (side) {
      case PROVIDER -> {
        var letter = letters(stored).again(stored, "comment-" + n, "headline.answered");
        notices.tell(stored.tenant(), notice(stored, NoticeKind.REQUEST_ANSWER, letter));
      }
      case TENANT -> {
        var letter = letters(stored).question(stored, n);
        notices.toPrograms(stored.tenant(), notice(stored, NoticeKind.REQUEST_QUESTION, letter));
        people.of(Optional.empty()).stream()
            .filter(person -> stored.submission().engineer().sidesWith(person.subject()))
            .forEach(
                person ->
                    notices.toPerson(
                        Optional.empty(),
                        person.address().value(),
                        NoticeKind.REQUEST_QUESTION,
                        letter));
      }
    }
  }

  /// What is said of a request that nobody has answered.
  enum Reminder {
    FIRST(NoticeKind.REQUEST_REMINDER, "headline.reminder"),
    BACKUP(NoticeKind.REQUEST_ESCALATED, "headline.backup"),
    ADMINS(NoticeKind.REQUEST_ESCALATED, "headline.admins"),
    LAST(NoticeKind.REQUEST_REMINDER, "headline.last");

    private final NoticeKind kind;
    private final String headline;

    Reminder(NoticeKind kind, String headline) {
      this.kind = kind;
      this.headline = headline;
    }
  }

  /// Tells the closing record of a request that is over.
  void tell(StoredRequest stored, ClosingRecord record) {
    notices.tell(
        stored.tenant(),
        notice(stored, NoticeKind.CLOSING_RECORD, letters(stored).closing(stored, record)));
  }

  /// Tells the tenant and the provider's operators, as the entry of this index says, that a role of
  /// one of its sessions still stands.
  public void tellLeftover(StoredRequest stored, long entry, String why) {
    tellLeftover(stored, "leftover-" + entry, why);
    tellOperators(
        NoticeKind.REMOVAL_FAILED, letters(stored).forOperators(stored, entry, Optional.of(why)));
  }

  /// Tells the tenant the same in place of a letter that was erased.
  void tellLeftoverAnew(StoredRequest stored, String why) {
    tellLeftover(stored, "leftover-anew-" + stored.version(), why);
  }

  private void tellLeftover(StoredRequest stored, String step, String why) {
    var letter = letters(stored).leftover(stored, step, why);
    notices.tell(stored.tenant(), notice(stored, NoticeKind.REMOVAL_FAILED, letter));
  }

  /// Tells both that what was left over of its sessions is gone.
  public void tellRemoved(StoredRequest stored, long entry) {
    var letter = letters(stored).again(stored, "removed-" + entry, "headline.removed");
    notices.tell(stored.tenant(), notice(stored, NoticeKind.REMOVED, letter));
    tellOperators(
        NoticeKind.REMOVED, letters(stored).forOperators(stored, entry, Optional.empty()));
  }

  private void tellOperators(NoticeKind kind, MailText letter) {
    people.of(Optional.empty()).stream()
        .filter(person -> person.roles().contains(Role.OPERATOR))
        .forEach(
            person -> notices.toPerson(Optional.empty(), person.address().value(), kind, letter));
  }

  private MailTemplates letters(StoredRequest stored) {
    var name = store.tenants().find(stored.tenant()).orElseThrow().name();
    var requests = AccessRequests.of(store.jdbc(), stored.tenant());
    var extension = RequestExtension.of(requests, stored, clock.instant());
    return new MailTemplates(publicUrl, name, notices.names(), extension);
  }

  private static Notice notice(StoredRequest stored, NoticeKind kind, MailText letter) {
    var asked = stored.submission();
    var pending = stored.request() instanceof AccessRequest.Pending;
    Optional<Instant> deadline = pending ? Optional.of(asked.decideBy()) : Optional.empty();
    boolean urgent =
        kind == NoticeKind.REMOVAL_FAILED || (pending && asked.purpose() == Purpose.EMERGENCY);
    return new Notice(kind, Optional.of(stored.id()), letter, thin(stored), urgent, deadline);
  }

  /// Ids and codes: nothing that an erasure would have to take back.
  private static Json.Object thin(StoredRequest stored) {
    var asked = stored.submission();
    return Json.object()
        .put("tenant", stored.tenant().value())
        .put("request", stored.id().value())
        .put("state", stored.request().state().word())
        .put("version", stored.version())
        .put("engineer", asked.engineer().id().value())
        .put("resource", asked.terms().resource().value())
        .put("level", asked.terms().level().word())
        .put("purpose", asked.purpose().word())
        .put("decideBy", asked.decideBy())
        .put("logIndex", stored.logIndex())
        .build();
  }

  private static NoticeKind kind(StoredRequest stored) {
    return switch (stored.request()) {
      case AccessRequest.Pending pending ->
          pending.approvals().isEmpty() ? NoticeKind.REQUEST_CREATED : NoticeKind.REQUEST_APPROVAL;
      case AccessRequest.Denied _ -> NoticeKind.REQUEST_DENIED;
      case AccessRequest.Withdrawn _ -> NoticeKind.REQUEST_WITHDRAWN;
      case AccessRequest.Lapsed _ -> NoticeKind.REQUEST_LAPSED;
      case AccessRequest.Approved approved ->
          switch (approved.grant()) {
            case Grant.Active _ -> NoticeKind.REQUEST_APPROVED;
            case Grant.Ended ended -> kind(ended);
            case Grant.RemovalFailed failed -> kind(failed.ended());
          };
    };
  }

  private static NoticeKind kind(Grant.Ended ended) {
    return switch (ended) {
      case Grant.Completed _ -> NoticeKind.GRANT_COMPLETED;
      case Grant.Expired _ -> NoticeKind.GRANT_EXPIRED;
      case Grant.Revoked _ -> NoticeKind.GRANT_REVOKED;
    };
  }
}
