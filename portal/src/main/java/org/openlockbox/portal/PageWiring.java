package org.openlockbox.portal;

import java.time.InstantSource;
import org.openlockbox.portal.audit.AccessMapPages;
import org.openlockbox.portal.audit.AuditPages;
import org.openlockbox.portal.audit.EntryPages;
import org.openlockbox.portal.audit.LivePages;
import org.openlockbox.portal.audit.RecordPages;
import org.openlockbox.portal.audit.SavedViewPages;
import org.openlockbox.portal.connect.ConnectPages;
import org.openlockbox.portal.connect.EngineerPasskeyPages;
import org.openlockbox.portal.edge.AssetPages;
import org.openlockbox.portal.edge.Origins;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.WorkerPages;
import org.openlockbox.portal.inbox.DenialPages;
import org.openlockbox.portal.inbox.InboxPages;
import org.openlockbox.portal.inbox.InboxRequests;
import org.openlockbox.portal.inbox.QuickOpenPages;
import org.openlockbox.portal.keys.AccessPages;
import org.openlockbox.portal.keys.EnrolPages;
import org.openlockbox.portal.keys.FoundingPages;
import org.openlockbox.portal.keys.KeyPages;
import org.openlockbox.portal.keys.KnownKeys;
import org.openlockbox.portal.keys.PeoplePages;
import org.openlockbox.portal.keys.PracticePages;
import org.openlockbox.portal.keys.ProposalPages;
import org.openlockbox.portal.notify.DeliveryPages;
import org.openlockbox.portal.notify.NotificationPages;
import org.openlockbox.portal.notify.PushPages;
import org.openlockbox.portal.notify.WebhookPages;
import org.openlockbox.portal.policy.AbsencePages;
import org.openlockbox.portal.policy.PolicyPages;
import org.openlockbox.portal.policy.TicketPages;
import org.openlockbox.portal.report.ReportPages;
import org.openlockbox.portal.request.CommentPages;
import org.openlockbox.portal.request.GatewayListPages;
import org.openlockbox.portal.request.GatewayPages;
import org.openlockbox.portal.request.NewRequestPages;
import org.openlockbox.portal.request.NewTenantPages;
import org.openlockbox.portal.request.OpenAccessPages;
import org.openlockbox.portal.request.OperationPages;
import org.openlockbox.portal.request.OwnRequestPages;
import org.openlockbox.portal.request.RequestPages;
import org.openlockbox.portal.request.ReviewPages;
import org.openlockbox.portal.request.TenantListPages;
import org.openlockbox.portal.request.TenantPages;
import org.openlockbox.portal.settings.SettingsPages;
import org.openlockbox.portal.signin.InvitationPages;
import org.openlockbox.portal.signin.IssuerPages;
import org.openlockbox.portal.signin.SignInPages;
import org.openlockbox.portal.signing.DenialSigningPages;
import org.openlockbox.portal.signing.PhonePages;
import org.openlockbox.portal.signing.ProofPages;
import org.openlockbox.portal.signing.RequestsToSign;
import org.openlockbox.portal.signing.SigningPages;
import org.openlockbox.server.Wiring;
import org.openlockbox.server.api.FormSubmissions;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.audit.SavedViews;
import org.openlockbox.server.audit.SearchRateLimit;
import org.openlockbox.server.enrolment.EnrolledKeys;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.TenantPeople;
import org.openlockbox.server.notify.mail.PeopleNotices;
import org.openlockbox.server.proposal.FoundingInvitations;
import org.openlockbox.server.proposal.Foundings;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.tenant.Store;
import org.springframework.context.support.GenericApplicationContext;

/// Gives each page what it uses, and Spring the pages.
final class PageWiring {
  private final Wiring server;
  private final VisitWiring visits;
  private final GenericApplicationContext context;
  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final Visibility visibility;
  private final InstantSource clock;

  PageWiring(
      Wiring server, Origins origins, VisitWiring visits, GenericApplicationContext context) {
    this.server = server;
    this.visits = visits;
    this.context = context;
    clock = server.config().clock();
    provider = server.config().access().provider();
    store = server.stores().store();
    visibility = server.api().visibility();
    parts =
        PortalEdge.parts(
            origins,
            visits.visits(),
            store,
            clock,
            server.random(),
            server.config().web().program());
  }

  void register() {
    context.registerBean(PortalEdge.class, parts::edge);
    context.registerBean(AssetPages.class, () -> new AssetPages(parts.assets()));
    context.registerBean(WorkerPages.class, () -> new WorkerPages(parts.assets()));
    context.registerBean(
        SettingsPages.class, () -> new SettingsPages(parts, store, visits.visits()));
    registerSignIn();
    registerAsking();
    registerRequests();
    registerSigning();
    registerConnecting();
    registerProofs();
    registerPolicy();
    registerKeys();
    registerNotifications();
    registerAudit();
  }

  private void registerSignIn() {
    context.registerBean(
        SignInPages.class,
        () ->
            new SignInPages(
                parts,
                visits.signIns(),
                visits.issuers(),
                visits.issuerSignIns(),
                visits.visits()));
    context.registerBean(IssuerPages.class, () -> new IssuerPages(parts, visits.issuerSignIns()));
    context.registerBean(
        InvitationPages.class,
        () ->
            new InvitationPages(
                parts,
                server.people().invitations(),
                server.stores().waiting(),
                server.people().visits()));
  }

  private void registerAsking() {
    var access = server.access();
    context.registerBean(
        NewRequestPages.class,
        () ->
            new NewRequestPages(
                parts,
                provider,
                store,
                visibility,
                new FormSubmissions(server.api().idempotency()),
                clock,
                access.submission(),
                server.random()));
  }

  private void registerRequests() {
    var access = server.access();
    var steps = access.steps();
    var requests =
        new RequestPages(
            parts,
            provider,
            store,
            visibility,
            clock,
            visits.signingTokens(),
            steps,
            access.authorities(),
            access.comments());
    context.registerBean(RequestPages.class, () -> requests);
    context.registerBean(
        OwnRequestPages.class,
        () ->
            new OwnRequestPages(
                parts, provider, store, visibility, clock, steps, access.comments(), requests));
    context.registerBean(
        CommentPages.class, () -> new CommentPages(visibility, access.comments(), requests));
    context.registerBean(
        ReviewPages.class,
        () -> new ReviewPages(parts, provider, store, visibility, clock, steps, requests));
    registerInbox();
    registerOperation();
  }

  private void registerInbox() {
    var requests = new InboxRequests(store, clock, server.access().authorities());
    var proposals = server.policy().proposals();
    context.registerBean(
        InboxPages.class, () -> new InboxPages(parts, provider, store, clock, requests, proposals));
    context.registerBean(
        DenialPages.class,
        () -> new DenialPages(parts, provider, store, clock, requests, visits.signingTokens()));
    context.registerBean(QuickOpenPages.class, () -> new QuickOpenPages(parts));
  }

  private void registerOperation() {
    context.registerBean(
        OperationPages.class, () -> new OperationPages(parts, provider, store, clock));
    context.registerBean(TenantListPages.class, () -> new TenantListPages(parts, store, clock));
    context.registerBean(GatewayListPages.class, () -> new GatewayListPages(parts, store));
    context.registerBean(GatewayPages.class, () -> new GatewayPages(parts, provider, store));
    context.registerBean(
        OpenAccessPages.class, () -> new OpenAccessPages(parts, provider, store, clock));
    context.registerBean(
        TenantPages.class,
        () -> new TenantPages(parts, provider, store, server.people().people(), clock));
    var waiting = server.stores().waiting();
    context.registerBean(
        NewTenantPages.class,
        () ->
            new NewTenantPages(
                parts,
                store,
                waiting,
                new FoundingInvitations(provider, waiting, server.people().invitations()),
                server.people().people()));
  }

  private void registerSigning() {
    var access = server.access();
    var requests = new RequestsToSign(parts, store, visibility);
    context.registerBean(
        DenialSigningPages.class,
        () ->
            new DenialSigningPages(
                parts,
                provider,
                store,
                requests,
                access.refused(),
                clock,
                visits.signingTokens(),
                access.steps(),
                server.random()));
    context.registerBean(
        SigningPages.class,
        () ->
            new SigningPages(
                parts,
                provider,
                store,
                requests,
                access.refused(),
                clock,
                visits.signingTokens(),
                access.steps(),
                server.random()));
  }

  private void registerConnecting() {
    var access = server.access();
    context.registerBean(
        ConnectPages.class,
        () ->
            new ConnectPages(
                parts,
                provider,
                visibility,
                clock,
                visits.signingTokens(),
                access.refused(),
                access.connecting(),
                server.random()));
    context.registerBean(
        EngineerPasskeyPages.class,
        () -> new EngineerPasskeyPages(parts, store, visits.signingTokens(), server.random()));
  }

  private void registerProofs() {
    context.registerBean(PhonePages.class, () -> new PhonePages(parts));
    context.registerBean(
        ProofPages.class,
        () ->
            new ProofPages(
                parts,
                provider,
                store,
                server.stores().histories(),
                visibility,
                server.access().authorities().conditions()));
  }

  private void registerPolicy() {
    var proposals = server.policy().proposals();
    context.registerBean(
        AbsencePages.class, () -> new AbsencePages(parts, store, clock, proposals));
    context.registerBean(
        TicketPages.class,
        () ->
            new TicketPages(
                parts,
                store,
                visits.signingTokens(),
                server.access().refused(),
                server.policy().tickets(),
                clock));
    context.registerBean(
        PolicyPages.class,
        () -> new PolicyPages(parts, provider, store, server.policy().drafts(), proposals));
    context.registerBean(
        ProposalPages.class,
        () ->
            new ProposalPages(
                parts, store, server.access().refused(), visits.signingTokens(), proposals));
    context.registerBean(AccessPages.class, () -> new AccessPages(parts, store, proposals));
  }

  /// The pages of a tenant's keys and people.
  private void registerKeys() {
    var people = server.people().people();
    var invitations = server.people().invitations();
    var waiting = server.stores().waiting();
    var signingTokens = visits.signingTokens();
    var enrolled = new EnrolledKeys(store.jdbc(), clock);
    var known = new KnownKeys(store, enrolled, waiting, parts.sites().approve());
    var foundings = foundings();
    context.registerBean(
        PeoplePages.class,
        () -> new PeoplePages(parts, known, invitations, people, colleagues(people)));
    context.registerBean(
        EnrolPages.class,
        () -> new EnrolPages(parts, signingTokens, known, enrolled, server.random()));
    context.registerBean(
        FoundingPages.class,
        () ->
            new FoundingPages(
                parts, store, signingTokens, foundings, known, enrolled, invitations, people));
    context.registerBean(
        KeyPages.class,
        () ->
            new KeyPages(
                parts,
                store,
                server.access().refused(),
                signingTokens,
                server.policy().proposals(),
                known,
                enrolled));
    context.registerBean(
        PracticePages.class,
        () -> new PracticePages(parts, signingTokens, known, provider, server.random()));
  }

  private Foundings foundings() {
    var people = server.people();
    var waiting = server.stores().waiting();
    return new Foundings(
        store,
        waiting,
        new FoundingInvitations(provider, waiting, people.invitations()),
        people.people(),
        server.notifications().contacts(),
        clock,
        server.random());
  }

  /// A tenant that waits to be founded has nobody who is told yet.
  private TenantPeople colleagues(People people) {
    var notices =
        new PeopleNotices(
            server.notifications().notices(),
            clock,
            server.random(),
            server.config().web().publicUrl());
    return new TenantPeople(
        store.jdbc(),
        store.transaction(),
        people,
        (tenant, who, roles, by) -> {
          if (store.tenants().find(tenant).isPresent()) {
            notices.tell(new PeopleNotices.RoleChange(tenant, who, Role.words(roles), by));
          }
        });
  }

  /// The pages of how a tenant is told what happens.
  private void registerNotifications() {
    var settings = server.notifications().settings();
    var notifications = new NotificationPages(parts, store, settings, server.people().people());
    context.registerBean(NotificationPages.class, () -> notifications);
    context.registerBean(
        WebhookPages.class, () -> new WebhookPages(parts, store, settings, notifications));
    context.registerBean(PushPages.class, () -> new PushPages(parts, store, settings));
    context.registerBean(
        DeliveryPages.class,
        () -> new DeliveryPages(parts, store, server.notifications().deliveries(), settings));
  }

  /// The pages on which access is watched and looked up.
  private void registerAudit() {
    var histories = server.stores().histories();
    var saved = new SavedViews(store.jdbc(), clock);
    var allowance = new SearchRateLimit(store.jdbc(), store.transaction(), clock);
    var audit = new AuditPages(parts, provider, store, clock, saved, allowance);
    context.registerBean(AuditPages.class, () -> audit);
    context.registerBean(SavedViewPages.class, () -> new SavedViewPages(parts, saved, audit));
    context.registerBean(EntryPages.class, () -> new EntryPages(parts, store, histories));
    context.registerBean(ReportPages.class, () -> new ReportPages(parts, provider, store, clock));
    context.registerBean(
        LivePages.class, () -> new LivePages(parts, provider, store, visibility, clock));
    context.registerBean(
        AccessMapPages.class, () -> new AccessMapPages(parts, provider, store, clock));
    context.registerBean(
        RecordPages.class,
        () -> new RecordPages(parts, provider, store, histories, visibility, clock));
  }
}
