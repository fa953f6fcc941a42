package org.openlockbox.server;

import static java.util.stream.Collectors.joining;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.openlockbox.server.access.Authorities;
import org.openlockbox.server.access.Comments;
import org.openlockbox.server.access.RequestSubmission;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.access.Steps;
import org.openlockbox.server.api.Desk;
import org.openlockbox.server.api.InvitationsApi;
import org.openlockbox.server.api.ProposalsApi;
import org.openlockbox.server.enrolment.EnrolledKeys;
import org.openlockbox.server.identity.Colleagues;
import org.openlockbox.server.identity.Invitations;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.SignIns;
import org.openlockbox.server.identity.Visits;
import org.openlockbox.server.identity.oidc.IssuerSessions;
import org.openlockbox.server.identity.oidc.IssuerSignIns;
import org.openlockbox.server.identity.oidc.Issuers;
import org.openlockbox.server.notify.CodeLetters;
import org.openlockbox.server.notify.Contacts;
import org.openlockbox.server.notify.InvitationLetters;
import org.openlockbox.server.notify.PeopleNotices;
import org.openlockbox.server.policy.Drafts;
import org.openlockbox.server.policy.KeyringChanges;
import org.openlockbox.server.portal.AskPages;
import org.openlockbox.server.portal.AssetPages;
import org.openlockbox.server.portal.InvitationPages;
import org.openlockbox.server.portal.IssuerPages;
import org.openlockbox.server.portal.MinePages;
import org.openlockbox.server.portal.OperationPages;
import org.openlockbox.server.portal.PortalEdge;
import org.openlockbox.server.portal.ProofPages;
import org.openlockbox.server.portal.RemarkPages;
import org.openlockbox.server.portal.RequestPages;
import org.openlockbox.server.portal.ReviewPages;
import org.openlockbox.server.portal.SignInPages;
import org.openlockbox.server.portal.SigningPages;
import org.openlockbox.server.portal.Words;
import org.openlockbox.server.portal.audit.AuditPages;
import org.openlockbox.server.portal.audit.EntryPages;
import org.openlockbox.server.portal.audit.FigurePages;
import org.openlockbox.server.portal.audit.LivePages;
import org.openlockbox.server.portal.audit.ReachPages;
import org.openlockbox.server.portal.audit.RecordPages;
import org.openlockbox.server.portal.inbox.InboxPages;
import org.openlockbox.server.portal.keys.AccessPages;
import org.openlockbox.server.portal.keys.EnrolPages;
import org.openlockbox.server.portal.keys.FoundingPages;
import org.openlockbox.server.portal.keys.KeyDesk;
import org.openlockbox.server.portal.keys.KeyPages;
import org.openlockbox.server.portal.keys.PeoplePages;
import org.openlockbox.server.portal.keys.PracticePages;
import org.openlockbox.server.portal.keys.ProposalPages;
import org.openlockbox.server.portal.notify.DeliveryPages;
import org.openlockbox.server.portal.notify.NotificationPages;
import org.openlockbox.server.portal.notify.WebhookPages;
import org.openlockbox.server.portal.policy.AwayPages;
import org.openlockbox.server.portal.policy.PolicyPages;
import org.openlockbox.server.proposal.Foundings;
import org.openlockbox.server.proposal.Proposals;
import org.openlockbox.server.seal.KeyWrapping;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.WaitingTenants;
import org.springframework.context.support.GenericApplicationContext;

/// The portal's parts and what they are given: people, their sign-ins and visits, handovers, and
/// the pages.
final class Portal {
  private static final Duration TIDYING = Duration.ofMinutes(10);

  private final ServerConfig config;
  private final SecureRandom random;
  private final People people;
  private final Visits visits;
  private final SignIns signIns;
  private final Issuers issuers;
  private final IssuerSignIns issuerSignIns;
  private final SigningTokens handovers;
  private final Contacts contacts;
  private final WaitingTenants waiting;
  private final EnrolledKeys enrolled;
  private final Invitations invitations;
  private final Colleagues colleagues;

  Portal(
      ServerConfig config,
      Store store,
      NotificationWiring telling,
      KeyWrapping wrapping,
      SecureRandom random) {
    this.config = config;
    this.random = random;
    var clock = config.clock();
    var jdbc = store.jdbc();
    var transaction = store.transaction();
    var letters = new CodeLetters(telling.notices());
    contacts = telling.contacts();
    people = new People(jdbc, clock);
    issuers = new Issuers(config.issuers(), clock);
    var standings = new IssuerSessions(jdbc, transaction, issuers, wrapping, clock);
    visits = new Visits(jdbc, clock, random, standings);
    signIns =
        new SignIns(
            jdbc,
            transaction,
            people,
            issuers::letCodesIn,
            (to, code, attempt) -> letters.send(to.value(), code, attempt),
            clock,
            random);
    issuerSignIns =
        new IssuerSignIns(
            jdbc, transaction, issuers, standings, visits, config.publicUrl(), clock, random);
    handovers = new SigningTokens(jdbc, clock, random, standings);
    waiting = new WaitingTenants(jdbc, store.tenants(), clock);
    enrolled = new EnrolledKeys(jdbc, clock);
    invitations = new Invitations(jdbc, transaction, people, mailing(telling), clock, random);
    var notices = new PeopleNotices(telling.notices(), clock, random, config.publicUrl());
    colleagues = new Colleagues(jdbc, transaction, people, changes(store, notices));
  }

  private Invitations.Mailing mailing(NotificationWiring telling) {
    var letters = new InvitationLetters(telling.notices(), config.publicUrl());
    return (invitation, tenantName, secret) ->
        letters.send(
            invitation.address().value(),
            new InvitationLetters.Invited(
                invitation.tenant(),
                tenantName,
                words(invitation.roles()),
                invitation.by(),
                "/invitation/" + secret.forTheBrowser(),
                secret.derived("letter").hex().substring(0, 16)));
  }

  /// A tenant that waits to be founded has nobody who is told yet.
  private static Colleagues.Telling changes(Store store, PeopleNotices notices) {
    return (tenant, who, roles, by) -> {
      if (store.tenants().find(tenant).isPresent()) {
        var now = roles.isEmpty() ? "removed" : words(roles);
        notices.tell(new PeopleNotices.Changed(tenant, who, now, by));
      }
    };
  }

  private static String words(Set<Role> roles) {
    var english = Words.in(List.of());
    return roles.stream()
        .sorted()
        .map(role -> english.say("role." + role.word()))
        .collect(joining(", "));
  }

  WaitingTenants waiting() {
    return waiting;
  }

  People people() {
    return people;
  }

  void start(Rounds rounds) {
    rounds.every(TIDYING, "forgetting old sign-ins", signIns::forgetOld);
    rounds.every(TIDYING, "forgetting old sign-ins at issuers", issuerSignIns::forgetOld);
    rounds.every(TIDYING, "forgetting old visits", visits::forgetOld);
    rounds.every(TIDYING, "forgetting old handovers", handovers::forgetOld);
    rounds.every(TIDYING, "forgetting old invitations", invitations::forgetOld);
  }

  /// Gives Spring the pages.
  void register(
      GenericApplicationContext context,
      Desk desk,
      Steps steps,
      KeyringChanges changes,
      RequestSubmission asking,
      Authorities authorities,
      Comments remarks,
      Drafts drafts,
      NotificationWiring telling) {
    var parts = PortalEdge.parts(config.origins(), visits, config.clock(), random);
    context.registerBean(PortalEdge.class, parts::edge);
    context.registerBean(AssetPages.class, () -> new AssetPages(parts.assets()));
    context.registerBean(
        SignInPages.class, () -> new SignInPages(parts, signIns, issuers, issuerSignIns, visits));
    context.registerBean(IssuerPages.class, () -> new IssuerPages(parts, issuerSignIns));
    context.registerBean(AskPages.class, () -> new AskPages(parts, desk, asking, random));
    context.registerBean(MinePages.class, () -> new MinePages(parts, desk, steps));
    var requests = new RequestPages(parts, desk, handovers, steps, authorities, remarks);
    context.registerBean(RequestPages.class, () -> requests);
    context.registerBean(
        ProofPages.class, () -> new ProofPages(parts, desk, authorities.conditions()));
    context.registerBean(RemarkPages.class, () -> new RemarkPages(desk, remarks, requests));
    context.registerBean(ReviewPages.class, () -> new ReviewPages(parts, desk, steps));
    context.registerBean(OperationPages.class, () -> new OperationPages(parts, desk));
    context.registerBean(
        SigningPages.class, () -> new SigningPages(parts, desk, handovers, steps, random));
    var proposals = new Proposals(desk.store(), changes, config.clock(), random);
    context.registerBean(ProposalsApi.class, () -> new ProposalsApi(desk, proposals));
    context.registerBean(
        InboxPages.class, () -> new InboxPages(parts, desk, authorities, proposals));
    context.registerBean(AccessPages.class, () -> new AccessPages(parts, desk, proposals));
    registerTelling(context, parts, desk, telling);
    context.registerBean(AwayPages.class, () -> new AwayPages(parts, desk, proposals));
    context.registerBean(PolicyPages.class, () -> new PolicyPages(parts, desk, drafts, proposals));
    context.registerBean(
        ProposalPages.class, () -> new ProposalPages(parts, desk, handovers, proposals));
    registerKeys(context, parts, desk, proposals);
    registerAudit(context, parts, desk);
  }

  /// The pages on which access is watched and looked up.
  private static void registerAudit(
      GenericApplicationContext context, PortalEdge.Parts parts, Desk desk) {
    context.registerBean(AuditPages.class, () -> new AuditPages(parts, desk));
    context.registerBean(EntryPages.class, () -> new EntryPages(parts, desk));
    context.registerBean(FigurePages.class, () -> new FigurePages(parts, desk));
    context.registerBean(LivePages.class, () -> new LivePages(parts, desk));
    context.registerBean(ReachPages.class, () -> new ReachPages(parts, desk));
    context.registerBean(RecordPages.class, () -> new RecordPages(parts, desk));
  }

  private void registerKeys(
      GenericApplicationContext context, PortalEdge.Parts parts, Desk desk, Proposals proposals) {
    var store = desk.store();
    var foundings = new Foundings(store, waiting, contacts, config.clock(), random);
    var keys =
        new KeyDesk(
            parts,
            store,
            desk.refused(),
            handovers,
            proposals,
            foundings,
            enrolled,
            invitations,
            people,
            colleagues,
            waiting);
    context.registerBean(
        InvitationsApi.class, () -> new InvitationsApi(desk, waiting, invitations));
    context.registerBean(
        InvitationPages.class, () -> new InvitationPages(parts, invitations, waiting));
    context.registerBean(PeoplePages.class, () -> new PeoplePages(keys));
    context.registerBean(EnrolPages.class, () -> new EnrolPages(keys, random));
    context.registerBean(FoundingPages.class, () -> new FoundingPages(keys));
    context.registerBean(KeyPages.class, () -> new KeyPages(keys));
    context.registerBean(
        PracticePages.class, () -> new PracticePages(keys, config.provider(), random));
  }

  /// The pages of how a tenant is told what happens.
  private static void registerTelling(
      GenericApplicationContext context,
      PortalEdge.Parts parts,
      Desk desk,
      NotificationWiring telling) {
    context.registerBean(
        NotificationPages.class, () -> new NotificationPages(parts, desk, telling.settings()));
    context.registerBean(
        WebhookPages.class, () -> new WebhookPages(parts, desk, telling.settings()));
    context.registerBean(
        DeliveryPages.class,
        () -> new DeliveryPages(parts, desk, telling.deliveries(), telling.settings()));
  }
}
