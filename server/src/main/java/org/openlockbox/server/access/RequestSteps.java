package org.openlockbox.server.access;

import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.Refusal;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.access.Review;
import org.openlockbox.core.history.Authority;
import org.openlockbox.core.history.EventCheck;
import org.openlockbox.core.history.VerifiedRequest;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.database.Database;
import org.openlockbox.server.identity.ProviderDirectory;
import org.openlockbox.server.log.append.LogBatch;
import org.openlockbox.server.notify.message.NoticeKind;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.RecordedRuling;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Moves requests on. Each step is one transaction: the log's head is locked, core's machine checks
/// signature, policy and state, then the row, the entry, its signed checkpoint and the letters are
/// written together, and with them what the policy decides by itself. A crash before the commit
/// leaves nothing; after it, everything.
public final class RequestSteps {
  private final Store store;
  private final Authorities authorities;
  private final RequestNotices notices;
  private final ProviderDirectory directory;

  public RequestSteps(
      Store store, Authorities authorities, RequestNotices notices, ProviderDirectory directory) {
    this.store = store;
    this.authorities = authorities;
    this.notices = notices;
    this.directory = directory;
  }

  /// A step that was taken, and the index of its entry.
  public record StepResult(StoredRequest stored, long index) {}

  /// Takes the step, or says why not. `ifMatch` is the entity tag of what the caller was shown; a
  /// veto is never too old for that, since it is right whatever others did meanwhile.
  public StepResult take(TenantId tenant, RequestEvent event, Optional<String> ifMatch) {
    return store.within(() -> take(store.logs().lock(tenant), tenant, event, ifMatch));
  }

  private StepResult take(
      LogBatch batch, TenantId tenant, RequestEvent event, Optional<String> ifMatch) {
    if (isVeto(event)) {
      // That it was ended before is told only once that is durable.
      Database.awaitReplicationIfRefused();
    }
    var requests = AccessRequests.of(store.jdbc(), tenant);
    var stored = requests.find(event.about()).orElseThrow(Problem::notFound);
    requireSide(tenant, event);
    var keyring = store.tenants().keyring(tenant);
    var authority = authorities.of(tenant, keyring, stored.submission().ticket());
    var step = standing(stored).apply(authority, event, batch.now());
    var next =
        switch (step) {
          case EventCheck.NextState(var standing) -> standing.state();
          case EventCheck.AlreadyLapsed _ -> throw over(RequestState.LAPSED);
          case EventCheck.NotAllowed(var why) -> throw refused(why, stored, batch);
          case EventCheck.Unsigned(var why) -> throw Problem.refused("signature", why);
        };
    if (next.equals(stored.request())) {
      throw over(next.state());
    }
    if (!isVeto(event) && ifMatch.filter(tag -> !tag.equals(stored.etag())).isPresent()) {
      throw Problem.stale();
    }
    var taken = record(batch, stored, next, event, stored.ruled());
    return finish(
        batch,
        stored,
        event instanceof RequestEvent.Reviewed ? settle(batch, authority, taken) : taken);
  }

  /// What the directory knows and the log does not: who is an agent, and who of the tenant is of
  /// the provider as well. Gateways and verifiers cannot check this.
  private void requireSide(TenantId tenant, RequestEvent event) {
    if (event instanceof RequestEvent.Reviewed reviewed && directory.isAgent(reviewed.reviewer())) {
      throw Problem.refused("reviewer_is_agent", "an agent is no second person");
    }
    if (event instanceof RequestEvent.Decided decided && decided.claimed().approves()) {
      directory.refuseOwn(tenant, decided.claimed().approver());
    }
  }

  /// Whether it is a denial or an end: what a tenant's approver can always say.
  private static boolean isVeto(RequestEvent event) {
    return switch (event) {
      case RequestEvent.Decided decided -> !decided.claimed().approves();
      case RequestEvent.Revoked _, RequestEvent.Ended _ -> true;
      case RequestEvent.Requested _,
          RequestEvent.Reviewed _,
          RequestEvent.Automatic _,
          RequestEvent.Withdrawn _,
          RequestEvent.Lapsed _ ->
          false;
    };
  }

  private static VerifiedRequest standing(StoredRequest stored) {
    var ref = RequestRef.of(stored.submission(), stored.logIndex(), stored.entrySha256());
    return new VerifiedRequest(ref, stored.createdAt(), stored.request());
  }

  /// Goes on with a request whose entry and row are new: what the policy decides by itself is
  /// decided now.
  StepResult begin(LogBatch batch, Authority authority, StoredRequest stored) {
    return finish(
        batch, stored, settle(batch, authority, new StepResult(stored, stored.logIndex())));
  }

  /// Writes down what the policy decides about a pending request with nobody asked.
  private StepResult settle(LogBatch batch, Authority authority, StepResult taken) {
    var stored = taken.stored();
    var standing = standing(stored);
    var event = standing.automatic(authority, batch.now());
    if (event.isEmpty()
        || !(standing.apply(authority, event.get(), batch.now())
            instanceof EventCheck.NextState(var next))) {
      return taken;
    }
    var ruling = RecordedRuling.given(authority.ruling(stored.submission(), batch.now()));
    return record(batch, stored, next.state(), event.get(), RecordedRuling.of(ruling));
  }

  /// After access was switched off by the entry that this batch holds: what waits is denied, what
  /// is in force ends. The caller writes the batch.
  public void switchedOff(LogBatch batch, TenantId tenant, Keyring keyring) {
    var requests = AccessRequests.of(store.jdbc(), tenant);
    for (var id : requests.undone()) {
      var stored = requests.find(id).orElseThrow();
      var authority = authorities.of(tenant, keyring, stored.submission().ticket());
      var taken =
          stored.request() instanceof AccessRequest.Approved
              ? stop(batch, authority, stored)
              : settle(batch, authority, new StepResult(stored, stored.logIndex()));
      if (!taken.stored().equals(stored)) {
        tellOf(stored, withLeftovers(requests, taken.stored(), batch));
      }
    }
  }

  private StepResult stop(LogBatch batch, Authority authority, StoredRequest stored) {
    var event =
        new RequestEvent.Ended(
            stored.id(),
            RequestEvent.EndCause.STOPPED,
            AccessRequest.POLICY,
            "access was switched off");
    return standing(stored).apply(authority, event, batch.now())
            instanceof EventCheck.NextState(var next)
        ? record(batch, stored, next.state(), event, stored.ruled())
        : new StepResult(stored, stored.logIndex());
  }

  /// Appends the entry and moves the row; whoever calls writes the batch.
  private StepResult record(
      LogBatch batch,
      StoredRequest stored,
      AccessRequest next,
      RequestEvent event,
      RecordedRuling ruled) {
    var tenant = stored.tenant();
    var requests = AccessRequests.of(store.jdbc(), tenant);
    var entry = batch.append(tenant, event);
    requests.move(stored, next, ruled);
    keep(requests, stored.id(), entry.seq(), event, next, batch);
    return new StepResult(requests.find(stored.id()).orElseThrow(), entry.seq());
  }

  private StepResult finish(LogBatch batch, StoredRequest before, StepResult taken) {
    var requests = AccessRequests.of(store.jdbc(), before.tenant());
    var moved = withLeftovers(requests, taken.stored(), batch);
    store.logs().writeSigned(batch);
    tellOf(before, moved);
    return new StepResult(moved, taken.index());
  }

  private void tellOf(StoredRequest before, StoredRequest moved) {
    if (ended(moved.request()) && !ended(before.request())) {
      ClosingRecordMails.due(store.jdbc(), moved.tenant(), moved.id());
    }
    tell(moved);
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
          RequestEvent.Automatic _,
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
  private void tell(StoredRequest stored) {
    if (!(stored.request() instanceof AccessRequest.Pending(var _, Review.Needed _, var _))) {
      notices.tell(stored);
    }
  }

  /// Tells the tenant where the request stands, in place of letters that were erased before they
  /// had gone out; and what is left over of its sessions, if one of them said so.
  public void tellAnew(StoredRequest stored, Set<NoticeKind> unsent) {
    tell(stored);
    if (unsent.contains(NoticeKind.REMOVAL_FAILED)) {
      leftover(store.jdbc(), stored.tenant(), stored.id())
          .ifPresent(why -> notices.tellLeftoverAnew(stored, why));
    }
  }

  private static Problem refused(Refusal why, StoredRequest stored, LogBatch batch) {
    return switch (why) {
      case NOT_PENDING -> over(EffectiveState.state(stored.request(), batch.now()));
      case NO_GRANT ->
          stored.request() instanceof AccessRequest.Pending
              ? Problem.conflict("pending", "the request has not been approved")
              : over(EffectiveState.state(stored.request(), batch.now()));
      case REVIEW_MISSING ->
          Problem.conflict(why.word(), why.sentence())
              .withHint("lockbox review %s --approve".formatted(stored.id()));
      case ALREADY_APPROVED_BY, ALREADY_REVIEWED, REVIEW_NOT_NEEDED, NOT_YET ->
          Problem.conflict(why.word(), why.sentence());
      case POLICY_ASKS -> Problem.conflict(why.word(), why.sentence());
      case REQUESTERS_SIDE,
          NOT_ASKED,
          POLICY_DENIES,
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
