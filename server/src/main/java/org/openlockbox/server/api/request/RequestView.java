package org.openlockbox.server.api.request;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Reason;
import org.openlockbox.core.access.Review;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.operation.FactsJson;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.CommittedText;
import org.openlockbox.core.statement.LimitsJson;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.subject.EngineerName;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.access.RequestSteps;
import org.openlockbox.server.api.log.ErasedView;
import org.openlockbox.server.api.tenant.PolicyView;
import org.openlockbox.server.gateway.SessionRows;
import org.openlockbox.server.log.entry.Histories;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;

/// A request as JSON (docs/api.md). `entry` is the very entry that an approver's signature names.
public final class RequestView {
  private final Store store;
  private final SessionRows sessions;
  private final Provider provider;
  private final InstantSource clock;

  public RequestView(Store store, SessionRows sessions, Provider provider, InstantSource clock) {
    this.store = store;
    this.sessions = sessions;
    this.provider = provider;
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
            .put("state", EffectiveState.state(stored.request(), clock.instant()).word())
            .put("tenant", tenant.id().value())
            .put("tenantName", tenant.name())
            .put("origin", tenant.origin().value())
            .put("resource", terms.resource().value())
            .putIfPresent(
                "protocol",
                provider.resource(terms.resource()).map(served -> served.protocol().word()))
            .put("level", terms.level().word())
            .put("assurance", asked.assurance().word())
            .put("purpose", asked.purpose().word())
            .putIfPresent("reason", stored.reason().map(Reason::text))
            .put("ticket", asked.ticket())
            .put("engineer", engineer(stored))
            .put("createTime", stored.createdAt())
            .put("decideBy", asked.decideBy())
            .put("duration", terms.duration())
            .put("expireTime", EffectiveState.expires(stored.request()))
            .put("quorum", asked.quorum())
            .put("policy", PolicyView.of(stored.ruled()))
            .put("logIndex", stored.logIndex())
            .put("requestSha256", stored.entrySha256())
            .put("entry", entry.bytes())
            .put("openSessions", sessions.open(stored.tenant(), stored.id()));
    terms.notBefore().ifPresent(start -> json.put("notBefore", start));
    asked.extended().ifPresent(id -> json.put("extends", id.value()));
    putSalts(json, stored, entry);
    LimitsJson.put(json, terms.limits());
    putProgress(json, stored);
    return json;
  }

  /// What opens the entry's commitments to reason, name and statements, while the texts are kept:
  /// whoever signs can see for themselves that they are what the engineer wrote. Or who had them
  /// erased.
  private void putSalts(JsonObjectBuilder json, StoredRequest stored, StoredEntry entry) {
    if (entry.read().body() instanceof RequestEvent.Requested requested) {
      var texts = store.texts().of(stored.tenant(), List.of(entry));
      put(json, "reasonSalt", Optional.ofNullable(texts.get(requested.reason())));
      put(json, "nameSalt", Optional.ofNullable(texts.get(requested.name())));
      putStatements(json, requested.statements().flatMap(each -> opened(texts, each)).toList());
      if (!texts.keySet().containsAll(commitments(requested))) {
        var erased = ErasedView.of(store, stored.tenant());
        json.put("erased", erased.of(entry.seq(), requested));
      }
    }
  }

  private static List<Commitment> commitments(RequestEvent.Requested requested) {
    return requested.texts().stream().map(CommittedText::commitment).toList();
  }

  private static Stream<OpenedText> opened(Map<Commitment, OpenedText> texts, Commitment each) {
    return Optional.ofNullable(texts.get(each)).stream();
  }

  private static void putStatements(JsonObjectBuilder json, List<OpenedText> statements) {
    if (!statements.isEmpty()) {
      json.put("statementTexts", statements.stream().map(RequestView::statement).toList());
    }
  }

  /// The texts, with their salts, of the statements that this history's request was made for, as
  /// far as they are kept.
  public List<Json.Object> statements(TenantId tenant, Histories.RequestHistory shown) {
    for (var proven : shown.entries()) {
      if (proven.entry().read().body() instanceof RequestEvent.Requested requested
          && requested.statements().findAny().isPresent()) {
        var texts = store.texts().of(tenant, List.of(proven.entry()));
        return requested
            .statements()
            .flatMap(each -> opened(texts, each))
            .map(RequestView::statement)
            .toList();
      }
    }
    return List.of();
  }

  private static Json.Object statement(OpenedText opened) {
    return Json.object().put("salt", opened.salt()).put("text", opened.text().utf8()).build();
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
        json.putIfPresent(
            "leftover", RequestSteps.leftover(store.jdbc(), stored.tenant(), stored.id()));
        ended(approved.grant().at(clock.instant())).ifPresent(end -> json.put("ended", end));
      }
      case AccessRequest.Denied denied -> {
        json.put("ended", ended(denied.by().value(), denied.at()));
        if (!denied.comment().isEmpty()) {
          json.put("comment", denied.comment());
        }
      }
      case AccessRequest.Withdrawn(var _, var by, var at) ->
          json.put("ended", ended(by.value(), at));
      case AccessRequest.Lapsed lapsed ->
          json.put("ended", ended("", lapsed.submission().decideBy()));
    }
  }

  /// When it was over, and by whom; by nobody where its time did it.
  private static Json.Object ended(String by, Instant at) {
    var json = Json.object().put("time", at);
    if (!by.isEmpty()) {
      json.put("by", by);
    }
    return json.build();
  }

  private static Optional<Json.Object> ended(Grant grant) {
    return switch (grant) {
      case Grant.Active _ -> Optional.empty();
      case Grant.Completed(var _, var by, var at) -> Optional.of(ended(by.value(), at));
      case Grant.Revoked(var _, var by, var _, var at) -> Optional.of(ended(by.value(), at));
      case Grant.Expired expired -> Optional.of(ended("", expired.endedAt()));
      case Grant.RemovalFailed(var over, var _, var _) -> ended(over);
    };
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
    LimitsJson.put(json, terms.limits());
    return json.build();
  }

  private static Json.Object engineer(StoredRequest stored) {
    var engineer = stored.submission().engineer();
    var json =
        Json.object()
            .put("id", engineer.id().value())
            .putIfPresent("name", stored.name().map(EngineerName::text))
            .put("keyId", engineer.key().keyId().hex());
    FactsJson.put(json, engineer.facts());
    return json.build();
  }
}
