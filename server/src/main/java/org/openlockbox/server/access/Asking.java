package org.openlockbox.server.access;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Engineer;
import org.openlockbox.core.access.EngineerName;
import org.openlockbox.core.access.ExactStatements;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.Reason;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.evidence.Commitment;
import org.openlockbox.core.evidence.OpenedText;
import org.openlockbox.core.evidence.RequestEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.ServerConfig.Resource;
import org.openlockbox.server.log.StoredEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;

/// Takes an engineer's wish: row, entry, signed checkpoint and letters in one transaction. The
/// quorum is the keyring's of that moment; the deadline is the resource's.
public final class Asking {
  private final Store store;
  private final Steps steps;
  private final Map<ResourceId, Resource> resources;
  private final SecureRandom random;
  private final Flood flood;

  public Asking(
      Store store,
      Steps steps,
      Map<ResourceId, Resource> resources,
      RequestLimits limits,
      SecureRandom random) {
    this.store = store;
    this.steps = steps;
    this.resources = Map.copyOf(resources);
    this.random = random;
    this.flood = new Flood(store.jdbc(), limits);
  }

  /// What the engineer said. With `statements`, only those shall run, word for word.
  public record Wish(
      Engineer engineer,
      EngineerName name,
      Purpose purpose,
      Reason reason,
      String ticket,
      Terms terms,
      List<String> statements,
      Optional<RequestId> extended) {
    public Wish {
      statements = List.copyOf(statements);
    }
  }

  public Steps.Taken ask(TenantId tenant, Wish wish) {
    var resource = resource(wish);
    return store.within(() -> ask(tenant, wish, resource));
  }

  private Resource resource(Wish wish) {
    var resource = resources.get(wish.terms().resource());
    if (resource == null) {
      throw Problem.refused("resource", "there is no resource " + wish.terms().resource());
    }
    if (!resource.levels().contains(wish.terms().level())) {
      throw Problem.refused(
          "level_not_offered",
          "%s is not offered at level %s".formatted(resource.id(), wish.terms().level().word()));
    }
    return resource;
  }

  private Steps.Taken ask(TenantId tenant, Wish wish, Resource resource) {
    var batch = store.logs().lock(tenant);
    flood.check(tenant, wish.engineer().id(), batch.now());
    var keyring = store.tenants().keyring(tenant);
    var requests = AccessRequests.of(store.jdbc(), tenant);
    wish.extended().ifPresent(id -> checkExtended(requests, id, wish));
    var statements = wish.statements().stream().map(this::salted).toList();
    var submission =
        new Submission(
            RequestId.random(random),
            tenant,
            wish.engineer(),
            wish.purpose(),
            wish.ticket(),
            committed(wish.terms(), statements),
            wish.extended(),
            resource.providerReview(),
            batch.now().plus(resource.decideWithin()),
            keyring.quorum());
    var reason = salted(wish.reason().text());
    var name = salted(wish.name().text());
    var entry =
        batch.append(
            tenant, new RequestEvent.Requested(submission, reason.commitment(), name.commitment()));
    Stream.concat(Stream.of(reason, name), statements.stream())
        .forEach(text -> batch.keep(tenant, text));
    requests.add(pending(submission, wish, batch.now(), entry));
    store.logs().writeSigned(batch);
    var stored = requests.find(submission.id()).orElseThrow();
    flood.hold(stored, batch.now());
    if (!resource.providerReview()) {
      steps.tell(stored);
    }
    return new Steps.Taken(stored, entry.seq());
  }

  private static StoredRequest pending(
      Submission submission, Wish wish, Instant now, StoredEntry entry) {
    return new StoredRequest(
        AccessRequest.Pending.of(submission),
        Optional.of(wish.reason()),
        Optional.of(wish.name()),
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

  private static void checkExtended(AccessRequests requests, RequestId id, Wish wish) {
    var extended = requests.find(id).map(StoredRequest::submission);
    if (extended.filter(s -> s.engineer().id().equals(wish.engineer().id())).isEmpty()) {
      throw Problem.refused("extends", "you have no request %s of this tenant".formatted(id));
    }
  }
}
