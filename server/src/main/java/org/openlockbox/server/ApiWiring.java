package org.openlockbox.server;

import java.time.Duration;
import org.openlockbox.server.api.Idempotency;
import org.openlockbox.server.api.SignedCalls;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.api.gateway.GatewayApi;
import org.openlockbox.server.api.gateway.GatewayAuthorityApi;
import org.openlockbox.server.api.log.EpochsApi;
import org.openlockbox.server.api.log.ErasuresApi;
import org.openlockbox.server.api.log.ExportApi;
import org.openlockbox.server.api.log.LogApi;
import org.openlockbox.server.api.request.ConnectionView;
import org.openlockbox.server.api.request.DecisionsApi;
import org.openlockbox.server.api.request.RequestView;
import org.openlockbox.server.api.request.RequestsApi;
import org.openlockbox.server.api.request.SessionsApi;
import org.openlockbox.server.api.tenant.InvitationsApi;
import org.openlockbox.server.api.tenant.NotificationsApi;
import org.openlockbox.server.api.tenant.PolicyApi;
import org.openlockbox.server.api.tenant.ProposalsApi;
import org.openlockbox.server.api.tenant.SignInApi;
import org.openlockbox.server.api.tenant.TenantsApi;
import org.openlockbox.server.api.tenant.TokensApi;
import org.openlockbox.server.proposal.FoundingInvitations;
import org.openlockbox.server.tenant.Store;
import org.springframework.context.support.GenericApplicationContext;

/// The handlers of the API, and what they share: who sees what, and calls that are carried out
/// once.
public final class ApiWiring {
  private final Visibility visibility;
  private final Idempotency idempotency;

  ApiWiring(ServerConfig config, Store store) {
    visibility = new Visibility(store);
    idempotency = new Idempotency(store.jdbc(), store.transaction(), config.clock());
  }

  void start(Rounds rounds) {
    rounds.every(Duration.ofMinutes(10), "forgetting old answers", idempotency::forgetOld);
  }

  public Visibility visibility() {
    return visibility;
  }

  public Idempotency idempotency() {
    return idempotency;
  }

  void register(Wiring server, GenericApplicationContext context) {
    var store = server.stores().store();
    var calls = new SignedCalls(server.access().refused(), idempotency);
    registerRequests(server, context, store, calls);
    registerTenants(server, context, store, calls);
    registerRecord(server, context, store, calls);
    registerGateways(server, context, store);
  }

  private void registerRequests(
      Wiring server, GenericApplicationContext context, Store store, SignedCalls calls) {
    var config = server.config();
    var access = server.access();
    var views =
        new RequestView(
            store, server.gateways().sessions(), config.access().provider(), config.clock());
    context.registerBean(
        RequestsApi.class,
        () ->
            new RequestsApi(
                store, visibility, views, idempotency, config.clock(), access.submission()));
    var connections = new ConnectionView(config.access().provider());
    context.registerBean(
        DecisionsApi.class,
        () ->
            new DecisionsApi(
                server.stores().histories(),
                visibility,
                views,
                idempotency,
                calls,
                access.steps(),
                access.connecting(),
                connections));
    context.registerBean(
        SessionsApi.class, () -> new SessionsApi(visibility, server.gateways().sessions()));
  }

  private void registerTenants(
      Wiring server, GenericApplicationContext context, Store store, SignedCalls calls) {
    var policy = server.policy();
    var people = server.people();
    var notifications = server.notifications();
    var waiting = server.stores().waiting();
    context.registerBean(
        TenantsApi.class,
        () ->
            new TenantsApi(
                store,
                visibility,
                idempotency,
                calls,
                waiting,
                notifications.contacts(),
                policy.changes()));
    context.registerBean(
        PolicyApi.class,
        () -> new PolicyApi(store, visibility, calls, policy.drafts(), policy.tickets()));
    context.registerBean(
        ProposalsApi.class, () -> new ProposalsApi(visibility, calls, policy.proposals()));
    context.registerBean(
        InvitationsApi.class,
        () ->
            new InvitationsApi(
                idempotency,
                new FoundingInvitations(
                    server.config().access().provider(), waiting, people.invitations())));
    context.registerBean(
        NotificationsApi.class,
        () ->
            new NotificationsApi(
                store, visibility, notifications.settings(), notifications.deliveries()));
    context.registerBean(TokensApi.class, () -> new TokensApi(store, people.tokens()));
    context.registerBean(
        SignInApi.class, () -> new SignInApi(people.deviceSignIns(), people.bearers()));
  }

  private void registerRecord(
      Wiring server, GenericApplicationContext context, Store store, SignedCalls calls) {
    var histories = server.stores().histories();
    context.registerBean(LogApi.class, () -> new LogApi(store, histories, visibility));
    context.registerBean(
        ErasuresApi.class,
        () -> new ErasuresApi(histories, visibility, calls, server.records().erasing()));
    context.registerBean(
        EpochsApi.class, () -> new EpochsApi(visibility, server.epochs().epochs()));
    context.registerBean(
        ExportApi.class, () -> new ExportApi(store, visibility, server.records().exports()));
  }

  private void registerGateways(Wiring server, GenericApplicationContext context, Store store) {
    var gateways = server.gateways();
    context.registerBean(
        GatewayApi.class,
        () ->
            new GatewayApi(
                server.stores().histories(),
                new RequestView(
                    store,
                    gateways.sessions(),
                    server.config().access().provider(),
                    server.config().clock()),
                server.config().clock(),
                gateways.leases(),
                gateways.appending(),
                gateways.claims(),
                server.access().connecting(),
                server.epochs().views(store),
                gateways.alarms(),
                server.config().web().wantsClientCertificates()));
    context.registerBean(
        GatewayAuthorityApi.class,
        () -> new GatewayAuthorityApi(store, gateways.leases(), server.config().clock()));
  }
}
