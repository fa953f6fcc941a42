package org.openlockbox.server.access;

import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.Refusal;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.evidence.RequestEvent;
import org.openlockbox.core.evidence.RequestRef;
import org.openlockbox.core.evidence.Standing;
import org.openlockbox.core.evidence.Step;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.LogBatch;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Moves requests on. Each step is one transaction: the log's head is locked, core's machine checks
/// signature and state, then the row, the entry, its signed checkpoint and the letters are written
/// together. A crash before the commit leaves nothing; after it, everything.
public final class Steps {
  private final Store store;
  private final RequestNotices notices;

  public Steps(Store store, RequestNotices notices) {
    this.store = store;
    this.notices = notices;
  }

  /// A step that was taken, and the index of its entry.
  public record Taken(StoredRequest stored, long index) {}

  /// Takes the step, or says why not. `ifMatch` is the entity tag of what the caller was shown.
  public Taken take(TenantId tenant, RequestEvent event, Optional<String> ifMatch) {
    return store.within(() -> take(store.logs().lock(tenant), tenant, event, ifMatch));
  }

  private Taken take(
      LogBatch batch, TenantId tenant, RequestEvent event, Optional<String> ifMatch) {
    var requests = AccessRequests.of(store.jdbc(), tenant);
    var stored = requests.find(event.about()).orElseThrow(Problem::notFound);
    var ref = new RequestRef(stored.id(), stored.logIndex(), stored.entrySha256());
    var keyring = store.tenants().keyring(tenant);
    var step = new Standing(ref, stored.request()).apply(keyring, event, batch.now());
    var next =
        switch (step) {
          case Step.Taken(var standing) -> standing.state();
          case Step.TooLate _ -> throw over(RequestState.LAPSED);
          case Step.Refused(var why) -> throw refused(why, stored, batch);
          case Step.Unsigned(var why) -> throw Problem.refused("signature", why);
        };
    if (next.equals(stored.request())) {
      throw over(next.state());
    }
    if (ifMatch.filter(tag -> !tag.equals(stored.etag())).isPresent()) {
      throw Problem.stale();
    }
    return write(batch, requests, stored, next, event);
  }

  private Taken write(
      LogBatch batch,
      AccessRequests requests,
      StoredRequest stored,
      AccessRequest next,
      RequestEvent event) {
    var tenant = stored.tenant();
    var entry = batch.append(tenant, event);
    requests.move(stored, next);
    keep(requests, stored.id(), entry.seq(), event, next, batch);
    var moved = requests.find(stored.id()).orElseThrow();
    moved = withLeftovers(requests, moved, batch);
    store.logs().writeSigned(batch);
    if (ended(next) && !ended(stored.request())) {
      ClosingLetters.due(store.jdbc(), tenant, stored.id());
    }
    tell(moved);
    return new Taken(moved, entry.seq());
  }

  /// Whether access was given and is over.
  private static boolean ended(AccessRequest request) {
    return request instanceof AccessRequest.Approved approved
        && !(approved.grant() instanceof Grant.Active);
  }

  private static void keep(
      AccessRequests requests,
      RequestId id,
      long seq,
      RequestEvent event,
      AccessRequest next,
      LogBatch batch) {
    switch (event) {
      case RequestEvent.Decided decided when decided.claimed().approves() -> {
        var approvals =
            switch (next) {
              case AccessRequest.Pending pending -> pending.approvals();
              case AccessRequest.Approved approved -> approved.approvals();
              case AccessRequest.Denied _, AccessRequest.Withdrawn _, AccessRequest.Lapsed _ ->
                  throw new IllegalStateException("an approval does not lead to " + next.state());
            };
        requests.approved(id, seq, signer(decided.envelope()), approvals.getLast());
      }
      case RequestEvent.Decided decided -> {
        var by = decided.claimed().approver();
        requests.ruled(id, seq, "deny", by, signer(decided.envelope()), batch.now());
      }
      case RequestEvent.Revoked revoked -> {
        var by = revoked.claimed().approver();
        requests.ruled(id, seq, "revoke", by, signer(revoked.envelope()), batch.now());
      }
      case RequestEvent.Requested _,
          RequestEvent.Reviewed _,
          RequestEvent.Withdrawn _,
          RequestEvent.Lapsed _,
          RequestEvent.Ended _ -> {}
    }
  }

  private static KeyId signer(Envelope envelope) {
    return envelope.signatures().getFirst().keyId();
  }

  /// A grant that ends while the role of one of its sessions still stands shows that at once.
  private StoredRequest withLeftovers(
      AccessRequests requests, StoredRequest stored, LogBatch batch) {
    if (!(stored.request() instanceof AccessRequest.Approved approved
        && approved.grant() instanceof Grant.Ended ended)) {
      return stored;
    }
    var why = leftover(store.jdbc(), stored.tenant(), stored.id());
    if (why.isEmpty()) {
      return stored;
    }
    requests.move(stored, approved.with(ended.removalFailed(why.get(), batch.now())));
    return requests.find(stored.id()).orElseThrow();
  }

  /// Why a session's role of this request still stands, if one does.
  public static Optional<String> leftover(JdbcClient jdbc, TenantId tenant, RequestId request) {
    return jdbc.sql(
            """
            select removal_why from session
             where tenant_id = ? and request_id = ? and removal_why is not null
             order by opened_at limit 1
            """)
        .params(tenant.value(), request.toString())
        .query((row, n) -> row.getString("removal_why"))
        .optional();
  }

  /// Tells the tenant where the request stands.
  public void tell(StoredRequest stored) {
    notices.tell(stored);
  }

  private static Problem refused(Refusal why, StoredRequest stored, LogBatch batch) {
    return switch (why) {
      case NOT_PENDING -> over(Shown.state(stored.request(), batch.now()));
      case NO_GRANT ->
          stored.request() instanceof AccessRequest.Pending
              ? Problem.conflict("pending", "the request has not been approved")
              : over(Shown.state(stored.request(), batch.now()));
      case REVIEW_MISSING ->
          Problem.conflict(why.word(), why.sentence())
              .withHint("lockbox review %s --approve".formatted(stored.id()));
      case ALREADY_APPROVED_BY, ALREADY_REVIEWED, REVIEW_NOT_NEEDED, NOT_YET ->
          Problem.conflict(why.word(), why.sentence());
      case REQUESTERS_SIDE,
          NOT_THE_REQUESTER,
          LEVEL_WIDER,
          TIME_WIDER,
          ROW_BUDGET_WIDER,
          BYTE_BUDGET_WIDER,
          TABLES_WIDER,
          STATEMENT_TIMEOUT_WIDER,
          IDLE_TIMEOUT_WIDER,
          SESSIONS_WIDER,
          HOURS_WIDER,
          PROFILE_WIDER,
          STATEMENTS_WIDER,
          SOFT_END_WIDER,
          NOTHING_LEFT ->
          Problem.refused(why.word(), why.sentence());
    };
  }

  /// The problem of a request that is past the state a step needs; its code is the state.
  static Problem over(RequestState state) {
    var sentence =
        switch (state) {
          case PENDING -> "the request waits for its approvers";
          case APPROVED -> "the request has been approved already";
          case DENIED -> "the request was denied";
          case WITHDRAWN -> "the request was withdrawn";
          case LAPSED -> "the request lapsed: nobody decided in time";
          case COMPLETED -> "the engineer completed the access";
          case EXPIRED -> "the access has expired";
          case REVOKED, REMOVAL_FAILED -> "the access was ended";
        };
    return Problem.conflict(state.word(), sentence);
  }
}
