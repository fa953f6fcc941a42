package org.openlockbox.server.export;

import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.SubjectId;
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
import org.openlockbox.server.gateway.Sessions;

/// Who did an event, and what it says in a few words.
record Sentence(String who, String what) {
  static Sentence of(Event event) {
    if (event.closing().isPresent()) {
      var totals = event.closing().get().totals();
      var end = event.closing().get().end();
      return new Sentence(
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

  private static Sentence of(Event event, EntryBody body) {
    return switch (body) {
      case KeyringEvent.Founded _ -> new Sentence("approvers", "founded the log");
      case KeyringEvent.KeyAdded _ -> new Sentence("approvers", "added an approver's key");
      case KeyringEvent.SettingsChanged _ ->
          new Sentence("approvers", "changed what the tenant demands");
      case KeyringEvent.PolicyChanged _ -> new Sentence("approvers", "changed the policy");
      case KeyringEvent.AuthorityObjected _ ->
          new Sentence("approvers", "objected to another gateway authority");
      case KeyringEvent.AuthorityChanged _ ->
          new Sentence("gateway authority", "named another gateway authority to follow it");
      case KeyringEvent.GatewayRevoked _ ->
          new Sentence("gateway authority", "revoked a gateway's key");
      case KeyringEvent.LogKeysChanged _ ->
          new Sentence("provider", "replaced the keys of the log");
      case KeyringEvent.KeyRemoved _ -> new Sentence("approvers", "removed an approver's key");
      case TicketEvent ticket ->
          new Sentence(
              ticket.claimed().by().value(),
              "signed for the ticket " + StoryText.word(ticket.claimed().ticket()));
      case RecoveryEvent.Entries lost ->
          new Sentence(
              "provider",
              "LOST ENTRIES: %d had been signed; the log goes on from %d"
                  .formatted(lost.lostSize(), event.stored().seq()));
      case RecoveryEvent.Epochs lost ->
          new Sentence(
              "provider",
              "LOST EPOCHS: %d had been signed; the epoch log goes on as generation %d"
                  .formatted(lost.lostSize(), lost.generation()));
      case ErasedEvent.Signed signed ->
          new Sentence(
              "approvers", "had texts erased: " + StoryText.quoted(signed.claimed().reason()));
      case ErasedEvent.Expired expired ->
          new Sentence(
              "server",
              "erased texts that were as old as the settings of entry %d let them be"
                  .formatted(expired.settings()));
      case RequestEvent request -> of(request);
      case SessionEvent session -> of(event, session);
    };
  }

  private static Sentence of(RequestEvent event) {
    var id = event.about();
    return switch (event) {
      case RequestEvent.Requested requested -> {
        var asked = requested.submission();
        yield new Sentence(
            asked.engineer().id().value(),
            "asked for %s on %s for %s (%s)"
                .formatted(
                    asked.terms().level().word(),
                    asked.terms().resource(),
                    asked.terms().duration(),
                    id));
      }
      case RequestEvent.Reviewed reviewed ->
          new Sentence(
              reviewed.reviewer().value(),
              "reviewed %s: %s".formatted(id, reviewed.verdict().word()));
      case RequestEvent.Automatic automatic ->
          new Sentence(
              AccessRequest.POLICY.value(),
              "%s %s: %s"
                  .formatted(
                      automatic.grant().isPresent() ? "approved" : "denied",
                      id,
                      automatic.words()));
      case RequestEvent.Decided decided ->
          new Sentence(
              decided.claimed().approver().value(),
              (decided.claimed().approves() ? "approved " : "denied ") + id);
      case RequestEvent.Revoked revoked ->
          new Sentence(revoked.claimed().approver().value(), "revoked " + id);
      case RequestEvent.Withdrawn withdrawn ->
          new Sentence(withdrawn.by().value(), "withdrew " + id);
      case RequestEvent.Lapsed _ -> new Sentence("clock", id + " lapsed: nobody decided in time");
      case RequestEvent.Ended ended ->
          new Sentence(
              ended.by().value(), "ended access of %s: %s".formatted(id, ended.reason().word()));
    };
  }

  private static Sentence of(Event event, SessionEvent body) {
    var engineer =
        event.session().map(Sessions.Session::engineer).map(SubjectId::value).orElse("engineer");
    var gateway =
        event.entry().gateway().map(stamp -> stamp.id()).map(GatewayId::value).orElse("server");
    return switch (body) {
      case SessionEvent.Opened opened ->
          new Sentence(
              opened.engineer().value(),
              "opened session %s at level %s".formatted(opened.of(), opened.level().word()));
      case SessionEvent.Operation operation ->
          new Sentence(
              engineer,
              "sent operation %d in %s: %s"
                  .formatted(operation.n(), operation.of(), operation.line()));
      case StreamPart part ->
          new Sentence(
              engineer,
              "%s %s in part %d of operation %d in %s"
                  .formatted(
                      part.direction() == StreamPart.Direction.IN ? "sent" : "received",
                      Count.of(part.bytes(), "byte"),
                      part.part(),
                      part.n(),
                      part.of()));
      case SessionEvent.Outcome outcome ->
          new Sentence(
              engineer,
              "received of operation %d in %s: %s%s"
                  .formatted(
                      outcome.n(),
                      outcome.of(),
                      Count.of(outcome.units(), outcome.status().protocol().unit()),
                      outcome.failure().map(status -> ", " + status.spoken()).orElse("")));
      case SessionEvent.Closed closed ->
          new Sentence(
              gateway,
              "closed session %s: %s".formatted(closed.of(), StoryText.word(closed.reason())));
      case SessionEvent.Lost lost ->
          new Sentence(
              gateway,
              "gave up session %s: %s".formatted(lost.of(), StoryText.quoted(lost.reason())));
      case SessionEvent.RemovalFailed failed ->
          new Sentence(
              gateway,
              "could not remove what session %s left: %s"
                  .formatted(failed.of(), StoryText.quoted(failed.why())));
    };
  }

  static Optional<String> resource(Event event) {
    return event
        .session()
        .map(Sessions.Session::resource)
        .or(() -> event.submission().map(asked -> asked.terms().resource().value()));
  }
}
