package org.openlockbox.server.erasure;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.access.RequestSteps;
import org.openlockbox.server.notify.message.NoticeKind;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.tenant.Store;

/// The copies of reasons and names that a request leaves in other tables than the log's texts: its
/// own row, letters in the outbox, and answers that are kept for a retry. What was asked and
/// answered about it goes with its reason. The name of a token's holder is the provider's own
/// record of who may sign in, and stays.
public final class TextCopies {
  private static final int LARGEST_ANSWER = 64 << 20;
  private static final Set<String> REASON = Set.of("reason", "reasonSalt");
  private static final Set<String> NAME = Set.of("name", "nameSalt");
  private static final Set<String> OPERATION = Set.of("statementTexts");

  private final Store store;
  private final RequestSteps steps;

  public TextCopies(Store store, RequestSteps steps) {
    this.store = store;
    this.steps = steps;
  }

  /// Takes them away, inside the caller's transaction.
  void erase(TenantId tenant, Collection<RequestId> requests, Set<TextKind> kinds) {
    if (requests.isEmpty()) {
      return;
    }
    AccessRequests.of(store.jdbc(), tenant)
        .erase(requests, kinds.contains(TextKind.REASON), kinds.contains(TextKind.NAME));
    for (var request : requests) {
      if (kinds.contains(TextKind.REASON)) {
        eraseComments(tenant, request);
      }
      eraseLetters(tenant, request);
      eraseAnswers(tenant, request, kinds);
    }
  }

  /// Takes all of the tenant's away, inside the caller's transaction.
  void eraseAll(TenantId tenant) {
    erase(tenant, AccessRequests.of(store.jdbc(), tenant).named(), EnumSet.allOf(TextKind.class));
    store
        .jdbc()
        .sql("delete from request_comment where tenant_id = ?")
        .params(tenant.value())
        .update();
  }

  private void eraseComments(TenantId tenant, RequestId request) {
    store
        .jdbc()
        .sql("delete from request_comment where tenant_id = ? and request_id = ?")
        .params(tenant.value(), request.value())
        .update();
  }

  /// A letter that has not gone out yet is written anew, as the request stands now.
  private void eraseLetters(TenantId tenant, RequestId request) {
    var unsent =
        store
            .jdbc()
            .sql(
                """
                with erased as (
                  delete from outbox where tenant_id = ? and channel = 'mail' and request_id = ?
                  returning kind, sent_at)
                select distinct kind from erased where sent_at is null
                """)
            .params(tenant.value(), request.value())
            .query((row, n) -> NoticeKind.parse(row.getString("kind")))
            .set();
    if (!unsent.isEmpty()) {
      AccessRequests.of(store.jdbc(), tenant)
          .find(request)
          .ifPresent(stored -> steps.tellAnew(stored, unsent));
    }
  }

  private record RememberedReply(String subject, String key, Bytes body) {}

  private void eraseAnswers(TenantId tenant, RequestId request, Set<TextKind> kinds) {
    for (var answer : answers(tenant, request)) {
      var json = Json.read(answer.body().toArray(), LARGEST_ANSWER);
      var without = without(json, kinds);
      store
          .jdbc()
          .sql("update idempotency set body = ? where tenant_id = ? and subject = ? and key = ?")
          .params(CanonicalJson.bytes(without), tenant.value(), answer.subject(), answer.key())
          .update();
    }
  }

  private List<RememberedReply> answers(TenantId tenant, RequestId request) {
    return store
        .jdbc()
        .sql(
            """
            select subject, key, body from idempotency
             where tenant_id = ? and body is not null and position(?::bytea in body) > 0
            """)
        .params(tenant.value(), Bytes.ofUtf8(request.value()).toArray())
        .query(
            (row, n) ->
                new RememberedReply(
                    row.getString("subject"), row.getString("key"), Bytes.of(row.getBytes("body"))))
        .list();
  }

  /// A request as an answer shows it, without the members that hold the texts.
  private static Json without(Json json, Set<TextKind> kinds) {
    if (!(json instanceof Json.Object object)) {
      return json;
    }
    SortedMap<String, Json> kept = new TreeMap<>(object.members());
    for (var kind : kinds) {
      kept.keySet().removeAll(members(kind));
    }
    kept.computeIfPresent("engineer", (member, engineer) -> without(engineer, kinds));
    return new Json.Object(kept);
  }

  private static Set<String> members(TextKind kind) {
    return switch (kind) {
      case REASON -> REASON;
      case NAME -> NAME;
      case OPERATION -> OPERATION;
      case INPUT -> Set.of();
    };
  }
}
