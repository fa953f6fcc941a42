package org.openlockbox.server.proposal;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.notify.contact.Contact;
import org.openlockbox.server.notify.contact.Contacts;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.ProposalId;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.WaitingTenants;
import org.openlockbox.tlog.tree.Hash;

/// The founding of tenants that wait for it: a genesis, fixed to the byte, that collects a
/// signature of each key in it. The tenant is founded in the very transaction in which the last one
/// comes, once: whoever comes second finds it founded. A newer draft takes the place of an older
/// one; a genesis that can no longer found the tenant, because another tenant got its slot or a
/// gateway was added, or whose founders are not all here any more, is overtaken and has to be
/// drafted again.
public final class Foundings {
  /// What a genesis follows: nothing.
  private static final Hash NOTHING = Hash.ofHex("0".repeat(64));

  private final Store store;
  private final WaitingTenants waiting;
  private final FoundingInvitations invitations;
  private final People people;
  private final Contacts contacts;
  private final ProposalRows rows;
  private final InstantSource clock;
  private final RandomGenerator random;

  public Foundings(
      Store store,
      WaitingTenants waiting,
      FoundingInvitations invitations,
      People people,
      Contacts contacts,
      InstantSource clock,
      RandomGenerator random) {
    this.store = store;
    this.waiting = waiting;
    this.invitations = invitations;
    this.people = people;
    this.contacts = contacts;
    this.rows = new ProposalRows(store.jdbc(), Genesis.PAYLOAD_TYPE);
    this.clock = clock;
    this.random = random;
  }

  /// Drafts the genesis of these keys and this quorum, instead of what was drafted before.
  public Proposal draft(TenantId tenant, SubjectId by, List<ApproverKey> keys, int quorum) {
    return store.within(
        () -> {
          var genesis = genesis(waits(tenant), keys, quorum);
          Keyring.fault(genesis)
              .ifPresent(
                  why -> {
                    throw Problem.refused("genesis", why);
                  });
          open(tenant).forEach(old -> rows.withdrawn(tenant, old.id(), by, clock.instant()));
          var id = ProposalId.random(random);
          var unsigned = Envelope.unsigned(Genesis.PAYLOAD_TYPE, genesis.toJson());
          rows.insert(tenant, id, by, unsigned, NOTHING, clock.instant());
          return find(tenant, id).orElseThrow();
        });
  }

  private WaitingTenants.WaitingTenant waits(TenantId tenant) {
    return waiting
        .find(tenant)
        .orElseThrow(() -> Problem.conflict("founded", "the tenant was founded already"));
  }

  private Genesis genesis(WaitingTenants.WaitingTenant tenant, List<ApproverKey> keys, int quorum) {
    var tenants = store.tenants();
    return new Genesis(
        tenant.id(),
        tenant.name(),
        tenants.origin(tenant.id()),
        tenants.logKeys(tenant.id()),
        tenants.nextSlot(),
        quorum,
        keys,
        tenants.gatewayAuthority());
  }

  private List<Proposal> open(TenantId tenant) {
    return rows.newest(tenant, Proposals.MOST_OPEN).stream().filter(Proposal::isOpen).toList();
  }

  /// The draft that waits for signatures, overtaken or not.
  public Optional<Proposal> current(TenantId tenant) {
    return open(tenant).stream().findFirst().map(this::judged);
  }

  public Optional<Proposal> find(TenantId tenant, ProposalId id) {
    return rows.find(tenant, id, false).map(this::judged);
  }

  private Proposal judged(Proposal stored) {
    boolean possible =
        waiting
                .find(stored.tenant())
                .filter(
                    tenant ->
                        store
                            .tenants()
                            .fault(tenant.id(), tenant.name(), stored.genesis())
                            .isEmpty())
                .isPresent()
            && areHere(stored);
    return stored.isOpen() && !possible ? stored.as(Proposal.ProposalState.OVERTAKEN) : stored;
  }

  /// Whether each of its keys is of somebody who is one of the tenant's approvers now, and nobody
  /// of the provider.
  private boolean areHere(Proposal founding) {
    var here =
        people.of(Optional.of(founding.tenant())).stream()
            .filter(person -> person.roles().contains(Role.APPROVER))
            .filter(
                person -> !People.isOfOtherSide(store.jdbc(), person.tenant(), person.address()))
            .map(Person::subject)
            .toList();
    return founding.genesis().keys().stream().map(ApproverKey::approver).allMatch(here::contains);
  }

  /// Who has signed it and who has to.
  public ProposalSignatures signing(Proposal proposal) {
    return ProposalSignatures.of(proposal.genesis(), proposal.envelope());
  }

  /// Takes a signature, and founds the tenant if it was the last one that was missing. These are
  /// told then.
  public Proposal sign(
      TenantId tenant, ProposalId id, Signature signature, List<Contact> approvers) {
    return store.within(
        () -> {
          var proposal =
              rows.find(tenant, id, true).map(this::judged).orElseThrow(Problem::notFound);
          proposal.state().needOpen();
          signing(proposal).check(proposal.envelope(), signature);
          rows.sign(tenant, id, signature, clock.instant());
          var signed = proposal.with(signature);
          if (signing(signed).isComplete()) {
            found(signed, approvers);
          }
          return find(tenant, id).orElseThrow();
        });
  }

  /// An operator who replaces everybody locks the tenant, too ([WaitingTenants#begin]). So who is
  /// here is looked at again, once it is taken.
  private void found(Proposal signed, List<Contact> approvers) {
    var tenant =
        waiting
            .take(signed.tenant())
            .orElseThrow(() -> Problem.conflict("founded", "the tenant was founded already"));
    if (!areHere(signed)) {
      Proposal.ProposalState.OVERTAKEN.needOpen();
    }
    store.tenants().found(tenant.id(), tenant.name(), signed.envelope());
    invitations.end(tenant.id());
    contacts.begin(tenant.id(), approvers);
    rows.made(signed.tenant(), signed.id(), clock.instant());
  }
}
