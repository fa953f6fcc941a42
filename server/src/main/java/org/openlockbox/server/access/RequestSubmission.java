package org.openlockbox.server.access;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.Reason;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.ExactStatements;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.policy.Approvers;
import org.openlockbox.core.policy.Ruling;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.EngineerName;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.Caller;
import org.openlockbox.server.identity.ProviderDirectory;
import org.openlockbox.server.identity.ProviderDirectory.Identity;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.provider.Resource;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.RecordedRuling;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;

/// Takes an engineer's wish: row, entry, signed checkpoint and letters in one transaction. The
/// quorum is the policy's of that moment; the deadline is the resource's, or the policy's where
/// that is sooner.
public final class RequestSubmission {
  private final Store store;
  private final RequestSteps steps;
  private final Authorities authorities;
  private final ProviderDirectory directory;
  private final Provider provider;
  private final InstantSource clock;
  private final SecureRandom random;
  private final RequestRateLimit flood;

  public RequestSubmission(
      Store store,
      RequestSteps steps,
      Authorities authorities,
      ProviderDirectory directory,
      Provider provider,
      RequestRates limits,
      InstantSource clock,
      SecureRandom random) {
    this.store = store;
    this.steps = steps;
    this.authorities = authorities;
    this.directory = directory;
    this.provider = provider;
    this.clock = clock;
    this.random = random;
    this.flood = new RequestRateLimit(store.jdbc(), limits);
  }

  /// What the engineer said: nothing about who they are, but for the key they will connect with.
  /// With `statements`, only those shall run, word for word. Whichever way it came, limits that a
  /// request always names are in its terms from here on, so approvers see and sign them.
  public record NewRequest(
      Caller by,
      VerifyingKey key,
      Purpose purpose,
      Reason reason,
      String ticket,
      Terms terms,
      List<String> statements,
      Optional<RequestId> extended) {
    public NewRequest {
      terms = terms.with(terms.limits().asked());
      statements = List.copyOf(statements);
    }
  }

  public RequestSteps.StepResult ask(TenantId tenant, NewRequest wish) {
    requireTicket(wish);
    var resource = resource(wish);
    var identity = directory.engineer(wish.by(), wish.key());
    return store.within(() -> ask(tenant, wish, identity, resource));
  }

  private static void requireTicket(NewRequest wish) {
    if (!wish.ticket().isEmpty() && !Submission.isTicket(wish.ticket())) {
      throw Problem.refused(
          "ticket",
          "a ticket is a number or an address of at most %d letters, digits and . _ - / # : ? = & %% + @ ~, without spaces"
              .formatted(Submission.LONGEST_TICKET));
    }
  }

  private Resource resource(NewRequest wish) {
    var resource =
        provider
            .resource(wish.terms().resource())
            .orElseThrow(
                () ->
                    Problem.refused("resource", "there is no resource " + wish.terms().resource()));
    if (!resource.levels().contains(wish.terms().level())) {
      throw Problem.refused(
          "level_not_offered",
          "%s is not offered at level %s".formatted(resource.id(), wish.terms().level().word()));
    }
    return resource;
  }

  private RequestSteps.StepResult ask(
      TenantId tenant, NewRequest wish, Identity identity, Resource resource) {
    var batch = store.logs().lock(tenant);
    flood.check(tenant, wish.by().subject(), batch.now());
    var requests = AccessRequests.of(store.jdbc(), tenant);
    requireExtended(requests, wish);
    var authority = authorities.of(tenant, store.tenants().keyring(tenant), wish.ticket());
    var statements = wish.statements().stream().map(this::salted).toList();
    var terms = committed(wish.terms(), statements);
    var draft = draft(tenant, wish, identity.engineer(), resource, terms, batch.now());
    var ruling = RecordedRuling.given(authority.ruling(draft, batch.now()));
    var submission = asking(draft, authority.approvers(ruling), batch.now());
    var reason = salted(wish.reason().text());
    var name = salted(identity.name().text());
    var entry =
        batch.append(
            tenant, new RequestEvent.Requested(submission, reason.commitment(), name.commitment()));
    Stream.concat(Stream.of(reason, name), statements.stream())
        .forEach(text -> batch.keep(tenant, text));
    requests.add(pending(submission, wish, identity.name(), ruling, batch.now(), entry));
    var stored = requests.find(submission.id()).orElseThrow();
    flood.hold(stored, batch.now());
    return steps.begin(batch, authority, stored);
  }

  /// What this wish would be as a request, and what the policy says to it now.
  public record PredictedRequest(Submission submission, EngineerName name, Ruling.ByRule ruling) {}

  /// Looks at a wish as if it were made now; nothing is written down.
  public PredictedRequest outlook(TenantId tenant, NewRequest wish) {
    requireTicket(wish);
    requireExtended(AccessRequests.of(store.jdbc(), tenant), wish);
    var resource = resource(wish);
    var now = clock.instant();
    var authority = authorities.of(tenant, store.tenants().keyring(tenant), wish.ticket());
    var statements = wish.statements().stream().map(this::salted).toList();
    var identity = directory.engineer(wish.by(), wish.key());
    var terms = committed(wish.terms(), statements);
    var draft = draft(tenant, wish, identity.engineer(), resource, terms, now);
    var ruling = RecordedRuling.given(authority.ruling(draft, now));
    return new PredictedRequest(
        asking(draft, authority.approvers(ruling), now), identity.name(), ruling);
  }

  /// The request before the policy is asked how many have to agree, and how soon.
  private Submission draft(
      TenantId tenant,
      NewRequest wish,
      Engineer engineer,
      Resource resource,
      Terms terms,
      Instant now) {
    return new Submission(
        RequestId.random(random),
        tenant,
        engineer,
        wish.purpose(),
        wish.ticket(),
        terms,
        wish.extended(),
        resource.providerReview(),
        resource.assurance(),
        now.plus(resource.decideWithin()),
        1);
  }

  private static Submission asking(Submission draft, Approvers approvers, Instant now) {
    var latest = approvers.respondWithin().map(now::plus).filter(draft.decideBy()::isAfter);
    return draft.asking(approvers.quorum(), latest.orElse(draft.decideBy()));
  }

  private static StoredRequest pending(
      Submission submission,
      NewRequest wish,
      EngineerName name,
      Ruling.ByRule ruling,
      Instant now,
      StoredEntry entry) {
    return new StoredRequest(
        AccessRequest.Pending.of(submission),
        Optional.of(wish.reason()),
        Optional.of(name),
        RecordedRuling.of(ruling),
        1,
        now,
        entry.seq(),
        entry.sha256());
  }

  private static Terms committed(Terms terms, List<OpenedText> statements) {
    if (statements.isEmpty()) {
      return terms;
    }
    var hashes = statements.stream().map(statement -> statement.commitment().value()).toList();
    return terms.with(terms.limits().withStatements(ExactStatements.of(hashes)));
  }

  private OpenedText salted(String text) {
    byte[] salt = new byte[Commitment.SALT_LENGTH];
    random.nextBytes(salt);
    return new OpenedText(Bytes.of(salt), Bytes.ofUtf8(text));
  }

  /// More time is asked for where one has asked before: to name another request would tell of it,
  /// and make a new wish look like one that is known.
  private static void requireExtended(AccessRequests requests, NewRequest wish) {
    wish.extended()
        .filter(id -> requests.find(id).filter(earlier -> isOf(wish, earlier)).isEmpty())
        .ifPresent(
            id -> {
              throw Problem.refused(
                  "extends",
                  "you have no request %s of this tenant for this resource".formatted(id));
            });
  }

  private static boolean isOf(NewRequest wish, StoredRequest earlier) {
    var asked = earlier.submission();
    return asked.engineer().id().equals(wish.by().subject())
        && asked.terms().resource().equals(wish.terms().resource());
  }
}
