package org.openlockbox.portal;

import java.security.SecureRandom;
import java.time.Duration;
import org.openlockbox.portal.ask.AskPages;
import org.openlockbox.portal.audit.AuditPages;
import org.openlockbox.portal.audit.EntryPages;
import org.openlockbox.portal.audit.FigurePages;
import org.openlockbox.portal.audit.LivePages;
import org.openlockbox.portal.audit.ReachPages;
import org.openlockbox.portal.audit.RecordPages;
import org.openlockbox.portal.edge.AssetPages;
import org.openlockbox.portal.edge.Origins;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.inbox.InboxPages;
import org.openlockbox.portal.keys.AccessPages;
import org.openlockbox.portal.keys.EnrolPages;
import org.openlockbox.portal.keys.FoundingPages;
import org.openlockbox.portal.keys.KeyDesk;
import org.openlockbox.portal.keys.KeyPages;
import org.openlockbox.portal.keys.PeoplePages;
import org.openlockbox.portal.keys.PracticePages;
import org.openlockbox.portal.keys.ProposalPages;
import org.openlockbox.portal.notify.DeliveryPages;
import org.openlockbox.portal.notify.NotificationPages;
import org.openlockbox.portal.notify.WebhookPages;
import org.openlockbox.portal.policy.AwayPages;
import org.openlockbox.portal.policy.PolicyPages;
import org.openlockbox.portal.request.MinePages;
import org.openlockbox.portal.request.OperationPages;
import org.openlockbox.portal.request.RemarkPages;
import org.openlockbox.portal.request.RequestPages;
import org.openlockbox.portal.request.ReviewPages;
import org.openlockbox.portal.signin.InvitationPages;
import org.openlockbox.portal.signin.IssuerPages;
import org.openlockbox.portal.signin.SignInPages;
import org.openlockbox.portal.signing.ProofPages;
import org.openlockbox.portal.signing.SigningPages;
import org.openlockbox.server.Extension;
import org.openlockbox.server.NotificationWiring;
import org.openlockbox.server.Rounds;
import org.openlockbox.server.ServerConfig;
import org.openlockbox.server.ServerParts;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.api.Desk;
import org.openlockbox.server.enrolment.EnrolledKeys;
import org.openlockbox.server.identity.Colleagues;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.SignIns;
import org.openlockbox.server.identity.Visits;
import org.openlockbox.server.identity.oidc.IssuerSessions;
import org.openlockbox.server.identity.oidc.IssuerSignIns;
import org.openlockbox.server.identity.oidc.Issuers;
import org.openlockbox.server.notify.CodeLetters;
import org.openlockbox.server.notify.PeopleNotices;
import org.openlockbox.server.proposal.Foundings;
import org.openlockbox.server.proposal.Proposals;
import org.openlockbox.server.tenant.Store;
import org.springframework.context.support.GenericApplicationContext;

/// The pages that people use in a browser: they plug into a server, on the same port as its API.
/// Without an approve origin, approvers sign with the CLI alone.
public final class Portal implements Extension {
  private static final Duration TIDYING = Duration.ofMinutes(10);

  private final Origins origins;

  public Portal(Origins origins) {
    this.origins = origins;
  }

  @Override
  public void plugInto(ServerParts parts, GenericApplicationContext context) {
    new Plugged(parts, origins).register(context);
  }

  /// The portal of one server.
  private static final class Plugged {
    private final ServerConfig config;
    private final ServerParts server;
    private final Origins origins;
    private final SecureRandom random;
    private final People people;
    private final Visits visits;
    private final SignIns signIns;
    private final Issuers issuers;
    private final IssuerSignIns issuerSignIns;
    private final SigningTokens handovers;
    private final EnrolledKeys enrolled;
    private final Colleagues colleagues;

    Plugged(ServerParts server, Origins origins) {
      this.server = server;
      this.origins = origins;
      config = server.config();
      random = server.random();
      people = server.people();
      var clock = config.clock();
      var store = server.store();
      var jdbc = store.jdbc();
      var transaction = store.transaction();
      var letters = new CodeLetters(server.telling().notices());
      issuers = new Issuers(config.issuers(), clock);
      var standings = new IssuerSessions(jdbc, transaction, issuers, server.wrapping(), clock);
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
      enrolled = new EnrolledKeys(jdbc, clock);
      var notices =
          new PeopleNotices(server.telling().notices(), clock, random, config.publicUrl());
      colleagues = new Colleagues(jdbc, transaction, people, changes(store, notices));
      start(server.rounds());
    }

    /// A tenant that waits to be founded has nobody who is told yet.
    private static Colleagues.Telling changes(Store store, PeopleNotices notices) {
      return (tenant, who, roles, by) -> {
        if (store.tenants().find(tenant).isPresent()) {
          var now = roles.isEmpty() ? "removed" : Role.titles(roles);
          notices.tell(new PeopleNotices.Changed(tenant, who, now, by));
        }
      };
    }

    private void start(Rounds rounds) {
      rounds.every(TIDYING, "forgetting old sign-ins", signIns::forgetOld);
      rounds.every(TIDYING, "forgetting old sign-ins at issuers", issuerSignIns::forgetOld);
      rounds.every(TIDYING, "forgetting old visits", visits::forgetOld);
      rounds.every(TIDYING, "forgetting old handovers", handovers::forgetOld);
    }

    /// Gives Spring the pages.
    void register(GenericApplicationContext context) {
      var parts = PortalEdge.parts(origins, visits, config.clock(), random);
      var desk = server.desk();
      var steps = server.steps();
      var authorities = server.authorities();
      var proposals = server.proposals();
      context.registerBean(PortalEdge.class, parts::edge);
      context.registerBean(AssetPages.class, () -> new AssetPages(parts.assets()));
      context.registerBean(
          SignInPages.class, () -> new SignInPages(parts, signIns, issuers, issuerSignIns, visits));
      context.registerBean(IssuerPages.class, () -> new IssuerPages(parts, issuerSignIns));
      context.registerBean(
          AskPages.class, () -> new AskPages(parts, desk, server.asking(), random));
      context.registerBean(MinePages.class, () -> new MinePages(parts, desk, steps));
      var requests = new RequestPages(parts, desk, handovers, steps, authorities, server.remarks());
      context.registerBean(RequestPages.class, () -> requests);
      context.registerBean(
          ProofPages.class, () -> new ProofPages(parts, desk, authorities.conditions()));
      context.registerBean(
          RemarkPages.class, () -> new RemarkPages(desk, server.remarks(), requests));
      context.registerBean(ReviewPages.class, () -> new ReviewPages(parts, desk, steps));
      context.registerBean(OperationPages.class, () -> new OperationPages(parts, desk));
      context.registerBean(
          SigningPages.class, () -> new SigningPages(parts, desk, handovers, steps, random));
      context.registerBean(
          InboxPages.class, () -> new InboxPages(parts, desk, authorities, proposals));
      context.registerBean(AccessPages.class, () -> new AccessPages(parts, desk, proposals));
      registerTelling(context, parts, desk, server.telling());
      context.registerBean(AwayPages.class, () -> new AwayPages(parts, desk, proposals));
      context.registerBean(
          PolicyPages.class, () -> new PolicyPages(parts, desk, server.drafts(), proposals));
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
      var waiting = server.waiting();
      var invitations = server.invitations();
      var foundings =
          new Foundings(store, waiting, server.telling().contacts(), config.clock(), random);
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
}
