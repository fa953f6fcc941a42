package org.openlockbox.server.export;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.statement.Commitment;

/// Events as OCSF 1.8.0 (docs/export.md has the mapping, field by field; a test validates each kind
/// against the published schema). Facts that OCSF has no place for are in `unmapped`.
final class Ocsf {
  static final String VERSION = "1.8.0";

  private final ExportEvent event;
  private final EventSentence sentence;
  private final JsonObjectBuilder json = Json.object();
  private final JsonObjectBuilder unmapped = Json.object();

  private Ocsf(ExportEvent event) {
    this.event = event;
    this.sentence = EventSentence.of(event);
  }

  static Json.Object of(ExportEvent event) {
    return new Ocsf(event).build();
  }

  private Json.Object build() {
    var kind = event.closing().isPresent() ? closing() : entry(event.entry().body());
    var severity = EventSeverity.of(event);
    json.put("category_uid", kind.uid / 1000)
        .put("class_uid", kind.uid)
        .put("class_name", kind.name)
        .put("activity_id", kind.activity)
        .put("activity_name", kind.word)
        .put("type_uid", kind.uid * 100L + kind.activity)
        .put("severity_id", severity.id)
        .put("severity", severity.word())
        .put("time", event.entry().time().toEpochMilli())
        .put("message", sentence.who() + " " + sentence.what())
        .put("metadata", metadata())
        .put(
            "raw_data_hash",
            Json.object()
                .put("algorithm_id", 3)
                .put("algorithm", "SHA-256")
                .put("value", event.stored().sha256())
                .build());
    event.submission().ifPresent(this::addAsked);
    event.commitment().ifPresent(to -> unmapped.put("text_commitment", to.hex()));
    return json.put("unmapped", unmapped.build()).build();
  }

  private Json.Object metadata() {
    var metadata =
        Json.object()
            .put("version", VERSION)
            .put(
                "product",
                Json.object().put("name", "OpenLockbox").put("vendor_name", "OpenLockbox").build())
            .put("uid", event.id())
            .put("sequence", event.stored().seq())
            .put("tenant_uid", event.tenant().value())
            .put("event_code", event.type())
            .put("log_name", event.entry().origin().value())
            .putTexts("profiles", List.of("security_control"))
            .putIfPresent("correlation_uid", event.request().map(Object::toString));
    event
        .shownText()
        .filter(text -> text.length() > OcsfObjects.LONGEST_TEXT)
        .ifPresent(
            text -> metadata.put("is_truncated", true).put("untruncated_size", text.length()));
    return metadata.build();
  }

  private void addAsked(Submission asked) {
    unmapped
        .put("purpose", asked.purpose().word())
        .put("ticket", asked.ticket())
        .put("level", asked.terms().level().word());
  }

  private OcsfKind closing() {
    var record = event.closing().orElseThrow();
    addRequestEntity();
    json.put(
        "entity_result",
        Json.object()
            .put("uid", record.request().value())
            .put("type_id", 99)
            .put("type", "Access Request")
            .put("data", record.toJson())
            .build());
    record
        .end()
        .map(end -> end.comment())
        .filter(comment -> !comment.isEmpty())
        .ifPresent(comment -> json.put("comment", comment));
    record.totals().first().ifPresent(at -> json.put("start_time", at.toEpochMilli()));
    record.totals().last().ifPresent(at -> json.put("end_time", at.toEpochMilli()));
    return OcsfKind.DEACTIVATE;
  }

  private OcsfKind entry(EntryBody body) {
    return switch (body) {
      case KeyringEvent keyring -> {
        json.put("entity", OcsfObjects.entity("Keyring", event.entry().origin().value()));
        yield switch (keyring) {
          case KeyringEvent.Founded _ -> OcsfKind.CREATE;
          case KeyringEvent.KeyAdded _,
              KeyringEvent.KeyRemoved _,
              KeyringEvent.SettingsChanged _,
              KeyringEvent.PolicyChanged _,
              KeyringEvent.AuthorityObjected _,
              KeyringEvent.AuthorityChanged _,
              KeyringEvent.GatewayRevoked _,
              KeyringEvent.LogKeysChanged _ ->
              OcsfKind.UPDATE;
        };
      }
      case TicketEvent ticket -> {
        json.put("entity", OcsfObjects.entity("Ticket", ticket.claimed().ticket()));
        addKey(ticket.envelope().signatures().getFirst().keyId().hex());
        yield OcsfKind.CREATE;
      }
      case RecoveryEvent recovery -> {
        json.put("entity", OcsfObjects.recovered(event.entry().origin(), recovery))
            .put("comment", recovery.reason());
        unmapped.put("lost_size", recovery.lostSize()).put("lost_root", recovery.lostRoot());
        yield OcsfKind.UPDATE;
      }
      case ErasedEvent _ -> {
        json.put("entity", OcsfObjects.entity("Tenant Log", event.entry().origin().value()))
            .put("comment", sentence.what());
        yield OcsfKind.UPDATE;
      }
      case RequestEvent request -> request(request);
      case SessionEvent session -> session(session);
    };
  }

  private OcsfKind request(RequestEvent body) {
    return switch (body) {
      case RequestEvent.Requested _ -> {
        addRequestEntity();
        addActor();
        text().ifPresent(text -> json.put("comment", text));
        yield OcsfKind.CREATE;
      }
      case RequestEvent.Reviewed reviewed -> {
        addRequestEntity();
        addActor();
        addVerdict(reviewed.verdict() == RequestEvent.ReviewVerdict.APPROVE, reviewed.comment());
        yield OcsfKind.UPDATE;
      }
      case RequestEvent.Automatic automatic -> automatic(automatic);
      case RequestEvent.Decided decided -> decided(decided);
      case RequestEvent.Withdrawn _, RequestEvent.Lapsed _ -> {
        addRequestEntity();
        addActor();
        yield OcsfKind.DEACTIVATE;
      }
      case RequestEvent.Revoked revoked -> {
        addKey(revoked.envelope().signatures().getFirst().keyId().hex());
        yield revoked(revoked.claimed().comment());
      }
      case RequestEvent.Ended ended -> {
        unmapped.put("how", ended.reason().word());
        yield revoked(ended.comment());
      }
    };
  }

  private OcsfKind automatic(RequestEvent.Automatic automatic) {
    addRequestEntity();
    addActor();
    addVerdict(automatic.grant().isPresent(), automatic.words());
    automatic.grant().ifPresent(terms -> addGranted(terms.level(), terms.window()));
    unmapped.put("policy", automatic.policy()).put("rule", automatic.rule().value());
    return OcsfKind.UPDATE;
  }

  private void addGranted(Level level, Window window) {
    unmapped
        .put("granted_level", level.word())
        .put("granted_not_before", window.notBefore())
        .put("granted_not_after", window.notAfter());
  }

  private OcsfKind decided(RequestEvent.Decided decided) {
    addRequestEntity();
    addActor();
    addVerdict(decided.claimed().approves(), decided.claimed().comment());
    addKey(decided.envelope().signatures().getFirst().keyId().hex());
    decided
        .claimed()
        .allowance()
        .ifPresent(allowed -> addGranted(allowed.level(), allowed.window()));
    return OcsfKind.UPDATE;
  }

  private void addRequestEntity() {
    json.put("entity", OcsfObjects.entity("Access Request", event.request().orElseThrow().value()));
  }

  private void addActor() {
    json.put("actor", Json.object().put("user", user(sentence.who())).build());
  }

  private void addVerdict(boolean approves, String comment) {
    json.put("action_id", approves ? 1 : 2)
        .put("action", approves ? "Allowed" : "Denied")
        .put("disposition_id", approves ? 8 : 25)
        .put("disposition", approves ? "Approved" : "Rejected");
    addComment(comment);
  }

  private void addComment(String comment) {
    if (!comment.isEmpty()) {
      // User Access Management has no comment of its own
      if (event.entry().body() instanceof RequestEvent.Revoked
          || event.entry().body() instanceof RequestEvent.Ended) {
        unmapped.put("comment", comment);
      } else {
        json.put("comment", comment);
      }
    }
  }

  private void addKey(String keyId) {
    unmapped.put("key_id", keyId);
  }

  private OcsfKind revoked(String comment) {
    addComment(comment);
    addActor();
    addPrivileges();
    json.put("action_id", 2)
        .put("action", "Denied")
        .put("disposition_id", 24)
        .put("disposition", "Access Revoked")
        .put("status_id", 1)
        .put("status", "Success");
    return OcsfKind.REVOKE;
  }

  private void addPrivileges() {
    json.put("user", engineer());
    event
        .submission()
        .ifPresent(
            asked ->
                json.putTexts("privileges", List.of(asked.terms().level().word()))
                    .put(
                        "resources",
                        List.of(
                            Json.object()
                                .put("uid", asked.terms().resource().value())
                                .put("role_id", 1)
                                .put("role", "Target")
                                .build())));
  }

  private OcsfKind session(SessionEvent body) {
    return switch (body) {
      case SessionEvent.Opened opened -> opened(opened);
      case SessionEvent.Operation operation -> operation(operation);
      case StreamPart part -> part(part);
      case SessionEvent.Outcome outcome -> outcome(outcome);
      case SessionEvent.Closed closed -> {
        unmapped
            .put("operations", closed.operations())
            .put("units", closed.units())
            .put("bytes", closed.bytes())
            .put("released", closed.released());
        addLogoff(closed.of().value(), closed.reason());
        addStatus(true);
        yield OcsfKind.LOGOFF;
      }
      case SessionEvent.Lost lost -> {
        addLogoff(lost.of().value(), lost.reason());
        addStatus(false);
        yield OcsfKind.LOGOFF;
      }
      case SessionEvent.RemovalFailed failed -> {
        addPrivileges();
        addStatus(false);
        json.put("status_detail", failed.why());
        unmapped.put("session", failed.of().value());
        yield OcsfKind.REVOKE;
      }
    };
  }

  private OcsfKind opened(SessionEvent.Opened opened) {
    json.put("user", engineer())
        .putTexts("privileges", List.of(opened.level().word()))
        .put("session", OcsfObjects.session(event, opened.of().value()))
        .put("src_endpoint", OcsfObjects.endpoint(opened.clientAddress()));
    unmapped
        .put("protocol", opened.protocol().word())
        .put("application", opened.clientApplication())
        .put("catalogue", opened.catalogue());
    return OcsfKind.AUTHORIZE;
  }

  private OcsfKind operation(SessionEvent.Operation operation) {
    addQuery();
    unmapped.put("operation", operation.n()).put("operation_kind", operation.kind());
    unmapped.put("operation_facts", operation.facts().toJson());
    unmapped.putIfPresent("operation_refused", operation.refused());
    var uid = operation.of() + "/" + operation.n();
    text()
        .map(text -> Json.object().put("query_string", text).put("uid", uid).build())
        .ifPresent(query -> json.put("query_info", query));
    return OcsfKind.QUERY;
  }

  private OcsfKind part(StreamPart part) {
    addQuery();
    unmapped
        .put("operation", part.n())
        .put("part", part.part())
        .put("direction", part.direction().word())
        .put("bytes", part.bytes())
        .put("digest", part.digest().hex());
    return part.direction() == StreamPart.Direction.IN ? OcsfKind.CHANGE : OcsfKind.READ;
  }

  private OcsfKind outcome(SessionEvent.Outcome outcome) {
    addQuery();
    unmapped
        .put("operation", outcome.n())
        .put("units", outcome.units())
        .put("changed", outcome.changed())
        .put("bytes", outcome.bytes())
        .putIfPresent("result", outcome.result().map(Commitment::hex));
    addStatus(outcome.failure().isEmpty());
    json.put("status_code", outcome.status().word());
    return OcsfKind.of(outcome);
  }

  private void addStatus(boolean success) {
    json.put("status_id", success ? 1 : 2).put("status", success ? "Success" : "Failure");
  }

  private void addLogoff(String session, String why) {
    json.put("user", engineer())
        .put("service", Json.object().put("name", EventSentence.resource(event).orElse("")).build())
        .put("session", OcsfObjects.session(event, session))
        .put("status_detail", why);
  }

  private void addQuery() {
    var session = event.session();
    var id = event.entry().body().session().orElseThrow().value();
    json.put(
            "actor",
            Json.object()
                .put("user", engineer())
                .put("session", OcsfObjects.session(event, id))
                .build())
        .put(
            "src_endpoint",
            OcsfObjects.endpoint(session.map(of -> of.origin().address()).orElse("")))
        .put(
            "database",
            Json.object()
                .put("name", EventSentence.resource(event).orElse(""))
                .put("type_id", 1)
                .put("type", "Relational")
                .build());
  }

  private Json.Object engineer() {
    return event
        .submission()
        .map(Submission::engineer)
        .map(
            engineer -> {
              var user =
                  Json.object()
                      .put("uid", engineer.id().value())
                      .put("name", engineer.id().value())
                      .put("type_id", engineer.isAgent() ? 4 : 1);
              engineer
                  .employer()
                  .ifPresent(name -> user.put("org", Json.object().put("name", name).build()));
              return user.build();
            })
        .orElseGet(() -> user(sentence.who()));
  }

  private Json.Object user(String uid) {
    return event
        .submission()
        .filter(asked -> asked.engineer().id().value().equals(uid))
        .map(_ -> engineer())
        .orElseGet(() -> Json.object().put("uid", uid).put("name", uid).build());
  }

  private Optional<String> text() {
    return event
        .shownText()
        .map(text -> text.length() > OcsfObjects.LONGEST_TEXT ? OcsfObjects.cut(text) : text);
  }
}
