package org.openlockbox.server.export;

import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.bundle.StoryText;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.statement.Count;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.gateway.SessionRows;

/// Who did an event, and what it says in a few words.
record EventSentence(String who, String what) {
  static EventSentence of(ExportEvent event) {
    if (event.closing().isPresent()) {
      var totals = event.closing().get().totals();
      var end = event.closing().get().end();
      return new EventSentence(
          "server",
          "closing record of %s: %s; %s, %s, %s"
              .formatted(
                  event.request().map(Object::toString).orElse(""),
                  end.map(how -> how.how()).orElse("open"),
                  Count.of(totals.sessions(), "session"),
                  Count.of(totals.operations(), "operation"),
                  Count.of(totals.units(), "unit")));
    }
    return of(event, event.entry().body());
  }

  private static EventSentence of(ExportEvent event, EntryBody body) {
    return switch (body) {
      case KeyringEvent keyring -> of(keyring);
      case TicketEvent ticket ->
          new EventSentence(
              ticket.claimed().by().value(),
              "signed for the ticket " + StoryText.word(ticket.claimed().ticket()));
      case RecoveryEvent.EntriesLost lost ->
          new EventSentence(
              "provider",
              "LOST ENTRIES: %d had been signed; the log goes on from %d"
                  .formatted(lost.lostSize(), event.stored().seq()));
      case RecoveryEvent.EpochsLost lost ->
          new EventSentence(
              "provider",
              "LOST EPOCHS: %d had been signed; the epoch log goes on as generation %d"
                  .formatted(lost.lostSize(), lost.generation()));
      case ErasedEvent.SignedErasure signed ->
          new EventSentence(
              "approvers", "had texts erased: " + StoryText.quoted(signed.claimed().reason()));
      case ErasedEvent.RetentionOver expired ->
          new EventSentence(
              "server",
              "erased texts that were as old as the settings of entry %d let them be"
                  .formatted(expired.settings()));
      case RequestEvent request -> of(request);
      case SessionEvent session -> of(event, session);
    };
  }

  private static EventSentence of(KeyringEvent event) {
    return switch (event) {
      case KeyringEvent.Founded _ -> new EventSentence("approvers", "founded the log");
      case KeyringEvent.KeyAdded _ -> new EventSentence("approvers", "added an approver's key");
      case KeyringEvent.SettingsChanged _ ->
          new EventSentence("approvers", "changed what the tenant demands");
      case KeyringEvent.PolicyChanged _ -> new EventSentence("approvers", "changed the policy");
      case KeyringEvent.AuthorityObjected _ ->
          new EventSentence("approvers", "objected to another gateway authority");
      case KeyringEvent.AuthorityChanged _ ->
          new EventSentence("gateway authority", "named another gateway authority to follow it");
      case KeyringEvent.GatewayRevoked _ ->
          new EventSentence("gateway authority", "revoked a gateway's key");
      case KeyringEvent.LogKeysChanged _ ->
          new EventSentence("provider", "replaced the keys of the log");
      case KeyringEvent.KeyRemoved _ -> new EventSentence("approvers", "removed an approver's key");
    };
  }

  private static EventSentence of(RequestEvent event) {
    var id = event.about();
    return switch (event) {
      case RequestEvent.Requested requested -> of(requested.submission());
      case RequestEvent.Reviewed reviewed ->
          new EventSentence(
              reviewed.reviewer().value(),
              "reviewed %s: %s".formatted(id, reviewed.verdict().word()));
      case RequestEvent.Automatic automatic ->
          new EventSentence(
              AccessRequest.POLICY.value(),
              "%s %s: %s"
                  .formatted(
                      automatic.grant().isPresent() ? "approved" : "denied",
                      id,
                      automatic.words()));
      case RequestEvent.Decided decided ->
          new EventSentence(
              decided.claimed().approver().value(),
              (decided.claimed().approves() ? "approved " : "denied ") + id);
      case RequestEvent.Revoked revoked ->
          new EventSentence(revoked.claimed().approver().value(), "revoked " + id);
      case RequestEvent.Withdrawn withdrawn ->
          new EventSentence(withdrawn.by().value(), "withdrew " + id);
      case RequestEvent.Lapsed _ ->
          new EventSentence("clock", id + " lapsed: nobody decided in time");
      case RequestEvent.Ended ended ->
          new EventSentence(
              ended.by().value(), "ended access of %s: %s".formatted(id, ended.reason().word()));
    };
  }

  private static EventSentence of(Submission asked) {
    var terms = asked.terms();
    return new EventSentence(
        asked.engineer().id().value(),
        "asked for %s on %s for %s (%s)"
            .formatted(terms.level().word(), terms.resource(), terms.duration(), asked.id()));
  }

  private static EventSentence of(ExportEvent event, SessionEvent body) {
    var engineer =
        event
            .session()
            .map(SessionRows.SessionRow::engineer)
            .map(SubjectId::value)
            .orElse("engineer");
    var gateway =
        event.entry().gateway().map(stamp -> stamp.id()).map(GatewayId::value).orElse("server");
    return switch (body) {
      case SessionEvent.Opened opened ->
          new EventSentence(
              opened.engineer().value(),
              "opened session %s at level %s".formatted(opened.of(), opened.level().word()));
      case SessionEvent.Operation operation ->
          new EventSentence(
              engineer,
              "sent operation %d in %s: %s"
                  .formatted(operation.n(), operation.of(), operation.line()));
      case StreamPart part -> new EventSentence(engineer, of(part));
      case SessionEvent.Outcome outcome -> new EventSentence(engineer, of(outcome));
      case SessionEvent.Closed closed ->
          new EventSentence(
              gateway,
              "closed session %s: %s".formatted(closed.of(), StoryText.word(closed.reason())));
      case SessionEvent.Lost lost ->
          new EventSentence(
              gateway,
              "gave up session %s: %s".formatted(lost.of(), StoryText.quoted(lost.reason())));
      case SessionEvent.RemovalFailed failed ->
          new EventSentence(
              gateway,
              "could not remove what session %s left: %s"
                  .formatted(failed.of(), StoryText.quoted(failed.why())));
    };
  }

  private static String of(StreamPart part) {
    return "%s %s in part %d of operation %d in %s"
        .formatted(
            part.direction() == StreamPart.Direction.IN ? "sent" : "received",
            Count.of(part.bytes(), "byte"),
            part.part(),
            part.n(),
            part.of());
  }

  private static String of(SessionEvent.Outcome outcome) {
    return "received of operation %d in %s: %s%s"
        .formatted(
            outcome.n(),
            outcome.of(),
            Count.of(outcome.units(), outcome.status().protocol().unit()),
            outcome.failure().map(status -> ", " + status.spoken()).orElse(""));
  }

  static Optional<String> resource(ExportEvent event) {
    return event
        .session()
        .map(of -> of.target().resource())
        .or(() -> event.submission().map(asked -> asked.terms().resource().value()));
  }
}
