package org.openlockbox.server;

import java.security.SecureRandom;
import java.time.Duration;
import org.openlockbox.server.access.Asking;
import org.openlockbox.server.access.Authorities;
import org.openlockbox.server.access.Handovers;
import org.openlockbox.server.access.Remarks;
import org.openlockbox.server.access.Steps;
import org.openlockbox.server.api.Desk;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.SignIns;
import org.openlockbox.server.identity.Visits;
import org.openlockbox.server.identity.oidc.IssuerSignIns;
import org.openlockbox.server.identity.oidc.Issuers;
import org.openlockbox.server.identity.oidc.Standings;
import org.openlockbox.server.notify.CodeLetters;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.policy.KeyringChanges;
import org.openlockbox.server.portal.AskPages;
import org.openlockbox.server.portal.AssetPages;
import org.openlockbox.server.portal.InboxPages;
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
import org.openlockbox.server.portal.audit.AuditPages;
import org.openlockbox.server.portal.audit.EntryPages;
import org.openlockbox.server.portal.audit.FigurePages;
import org.openlockbox.server.portal.audit.LivePages;
import org.openlockbox.server.portal.audit.ReachPages;
import org.openlockbox.server.portal.audit.RecordPages;
import org.openlockbox.server.portal.keys.AccessPages;
import org.openlockbox.server.portal.keys.ProposalPages;
import org.openlockbox.server.proposal.Proposals;
import org.openlockbox.server.seal.KeyWrapping;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

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
  private final Handovers handovers;

  Portal(
      ServerConfig config,
      JdbcClient jdbc,
      TransactionTemplate transaction,
      Notices notices,
      KeyWrapping wrapping,
      SecureRandom random) {
    this.config = config;
    this.random = random;
    var clock = config.clock();
    var letters = new CodeLetters(notices);
    people = new People(jdbc, clock);
    issuers = new Issuers(config.issuers(), clock);
    var standings = new Standings(jdbc, transaction, issuers, wrapping, clock);
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
    handovers = new Handovers(jdbc, clock, random, standings);
  }

  People people() {
    return people;
  }

  void start(Rounds rounds) {
    rounds.every(TIDYING, "forgetting old sign-ins", signIns::forgetOld);
    rounds.every(TIDYING, "forgetting old sign-ins at issuers", issuerSignIns::forgetOld);
    rounds.every(TIDYING, "forgetting old visits", visits::forgetOld);
    rounds.every(TIDYING, "forgetting old handovers", handovers::forgetOld);
  }

  /// Gives Spring the pages.
  void register(
      GenericApplicationContext context,
      Desk desk,
      Steps steps,
      KeyringChanges changes,
      Asking asking,
      Authorities authorities,
      Remarks remarks) {
    var parts = PortalEdge.parts(config, visits, config.clock(), random);
    context.registerBean(PortalEdge.class, parts::edge);
    context.registerBean(AssetPages.class, () -> new AssetPages(parts.assets()));
    context.registerBean(
        SignInPages.class, () -> new SignInPages(parts, signIns, issuers, issuerSignIns, visits));
    context.registerBean(IssuerPages.class, () -> new IssuerPages(parts, issuerSignIns));
    context.registerBean(InboxPages.class, () -> new InboxPages(parts, desk));
    context.registerBean(AskPages.class, () -> new AskPages(parts, desk, asking, random));
    context.registerBean(MinePages.class, () -> new MinePages(parts, desk, steps));
    context.registerBean(
        RequestPages.class,
        () -> new RequestPages(parts, desk, handovers, steps, authorities, remarks));
    context.registerBean(
        ProofPages.class, () -> new ProofPages(parts, desk, authorities.conditions()));
    context.registerBean(RemarkPages.class, () -> new RemarkPages(desk, remarks));
    context.registerBean(ReviewPages.class, () -> new ReviewPages(parts, desk, steps));
    context.registerBean(OperationPages.class, () -> new OperationPages(parts, desk));
    context.registerBean(
        SigningPages.class, () -> new SigningPages(parts, desk, handovers, steps, random));
    var proposals = new Proposals(desk.store(), changes, config.clock(), random);
    context.registerBean(AccessPages.class, () -> new AccessPages(parts, desk, proposals));
    context.registerBean(
        ProposalPages.class, () -> new ProposalPages(parts, desk, handovers, proposals));
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
}
