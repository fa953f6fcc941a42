package org.openlockbox.server.api;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.EngineerName;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Reason;
import org.openlockbox.core.access.Review;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.evidence.LimitsJson;
import org.openlockbox.core.evidence.OpenedText;
import org.openlockbox.core.evidence.RequestEvent;
import org.openlockbox.server.access.AccessRequests;
import org.openlockbox.server.access.Shown;
import org.openlockbox.server.access.Steps;
import org.openlockbox.server.access.StoredRequest;
import org.openlockbox.server.gateway.Sessions;
import org.openlockbox.server.log.StoredEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;

/// A request as JSON (docs/api.md). `entry` is the very entry that an approver's signature names.
final class RequestView {
  private final Store store;
  private final Sessions sessions;
  private final InstantSource clock;

  RequestView(Store store, Sessions sessions, InstantSource clock) {
    this.store = store;
    this.sessions = sessions;
    this.clock = clock;
  }

  Json.Object of(StoredRequest stored) {
    return builder(stored).build();
  }

  JsonObjectBuilder builder(StoredRequest stored) {
    var tenant = store.tenants().find(stored.tenant()).orElseThrow(Problem::notFound);
    var asked = stored.submission();
    var terms = asked.terms();
    var entry = store.reader().entries(stored.tenant(), stored.logIndex(), 1).getFirst();
    var json =
        Json.object()
            .put("id", stored.id().value())
            .put("state", Shown.state(stored.request(), clock.instant()).word())
            .put("tenant", tenant.id().value())
            .put("tenantName", tenant.name())
            .put("origin", tenant.origin().value())
            .put("resource", terms.resource().value())
            .put("level", terms.level().word())
            .put("purpose", asked.purpose().word())
            .putIfPresent("reason", stored.reason().map(Reason::text))
            .put("ticket", asked.ticket())
            .put("engineer", engineer(stored))
            .put("createTime", stored.createdAt())
            .put("decideBy", asked.decideBy())
            .put("duration", terms.duration())
            .put("expireTime", Shown.expires(stored.request()))
            .put("quorum", asked.quorum())
            .put("logIndex", stored.logIndex())
            .put("requestSha256", stored.entrySha256())
            .put("entry", entry.bytes())
            .put("openSessions", sessions.open(stored.tenant(), stored.id()));
    terms.notBefore().ifPresent(start -> json.put("notBefore", start));
    asked.extended().ifPresent(id -> json.put("extends", id.value()));
    putSalts(json, stored, entry);
    LimitsJson.put(json, terms.rowBudget(), terms.tables());
    putProgress(json, stored);
    return json;
  }

  /// What opens the entry's commitments to reason and name, while the texts are kept: whoever signs
  /// can see for themselves that `reason` is what the engineer wrote. Or who had them erased.
  private void putSalts(JsonObjectBuilder json, StoredRequest stored, StoredEntry entry) {
    if (entry.read().body() instanceof RequestEvent.Requested requested) {
      var texts = store.texts().of(stored.tenant(), List.of(entry));
      put(json, "reasonSalt", Optional.ofNullable(texts.get(requested.reason())));
      put(json, "nameSalt", Optional.ofNullable(texts.get(requested.name())));
    }
    if (stored.reason().isEmpty() || stored.name().isEmpty()) {
      var erased = ErasedView.of(store, stored.tenant());
      json.put("erased", erased.of(entry.seq(), entry.read().body()));
    }
  }

  private static void put(JsonObjectBuilder json, String member, Optional<OpenedText> text) {
    text.ifPresent(opened -> json.put(member, opened.salt()));
  }

  private void putProgress(JsonObjectBuilder json, StoredRequest stored) {
    var decisions = AccessRequests.of(store.jdbc(), stored.tenant()).decisions(stored.id());
    json.put(
        "approvals",
        decisions.stream()
            .filter(decided -> decided.verdict().equals("approve"))
            .map(
                decided ->
                    Json.object()
                        .put("approver", decided.approver().value())
                        .put("time", decided.at())
                        .put("index", decided.index())
                        .build())
            .toList());
    switch (stored.request()) {
      case AccessRequest.Pending pending -> putReview(json, pending.review());
      case AccessRequest.Approved approved -> {
        putReview(json, approved.review());
        json.put("grant", grant(approved.grant().terms()));
        json.putIfPresent("leftover", Steps.leftover(store.jdbc(), stored.tenant(), stored.id()));
      }
      case AccessRequest.Denied denied -> {
        if (!denied.comment().isEmpty()) {
          json.put("comment", denied.comment());
        }
      }
      case AccessRequest.Withdrawn _, AccessRequest.Lapsed _ -> {}
    }
  }

  private static void putReview(JsonObjectBuilder json, Review review) {
    switch (review) {
      case Review.NotNeeded() -> {}
      case Review.Needed() -> json.put("review", Json.object().put("state", "needed").build());
      case Review.Passed(var by, var at) ->
          json.put(
              "review",
              Json.object().put("state", "passed").put("by", by.value()).put("time", at).build());
    }
  }

  private static Json.Object grant(GrantTerms terms) {
    var json =
        Json.object()
            .put("level", terms.level().word())
            .put("notBefore", terms.window().notBefore())
            .put("notAfter", terms.window().notAfter());
    LimitsJson.put(json, terms.rowBudget(), terms.tables());
    return json.build();
  }

  private static Json.Object engineer(StoredRequest stored) {
    var engineer = stored.submission().engineer();
    return Json.object()
        .put("id", engineer.id().value())
        .putIfPresent("name", stored.name().map(EngineerName::text))
        .put("country", engineer.country())
        .put("employer", engineer.employer())
        .put("kind", engineer.kind().word())
        .putIfPresent("responsible", engineer.responsible().map(Object::toString))
        .put("keyId", engineer.key().keyId().hex())
        .build();
  }
}
