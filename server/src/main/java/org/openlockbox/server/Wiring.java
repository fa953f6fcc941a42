package org.openlockbox.server;

import java.security.SecureRandom;
import java.time.Duration;
import org.openlockbox.core.tenant.LogHost;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.server.access.Authorities;
import org.openlockbox.server.access.ClosingLetters;
import org.openlockbox.server.access.Comments;
import org.openlockbox.server.access.Connecting;
import org.openlockbox.server.access.GroupedLetters;
import org.openlockbox.server.access.Reminders;
import org.openlockbox.server.access.RequestNotices;
import org.openlockbox.server.access.RequestSubmission;
import org.openlockbox.server.access.Steps;
import org.openlockbox.server.access.Sweep;
import org.openlockbox.server.api.DecisionsApi;
import org.openlockbox.server.api.Desk;
import org.openlockbox.server.api.EpochsApi;
import org.openlockbox.server.api.ErasuresApi;
import org.openlockbox.server.api.ExportApi;
import org.openlockbox.server.api.GatewayApi;
import org.openlockbox.server.api.GatewayAuthorityApi;
import org.openlockbox.server.api.Health;
import org.openlockbox.server.api.HealthApi;
import org.openlockbox.server.api.HttpEdge;
import org.openlockbox.server.api.InvitationsApi;
import org.openlockbox.server.api.LogApi;
import org.openlockbox.server.api.NotificationsApi;
import org.openlockbox.server.api.OpenApi;
import org.openlockbox.server.api.PolicyApi;
import org.openlockbox.server.api.ProposalsApi;
import org.openlockbox.server.api.RequestsApi;
import org.openlockbox.server.api.SessionsApi;
import org.openlockbox.server.api.TenantsApi;
import org.openlockbox.server.api.TokensApi;
import org.openlockbox.server.audit.DailyDigests;
import org.openlockbox.server.audit.MonthlyReports;
import org.openlockbox.server.database.Database;
import org.openlockbox.server.database.PromptPool;
import org.openlockbox.server.epoch.Epochs;
import org.openlockbox.server.epoch.OwnWitnesses;
import org.openlockbox.server.epoch.WitnessViews;
import org.openlockbox.server.epoch.Witnesses;
import org.openlockbox.server.erasure.Copies;
import org.openlockbox.server.erasure.Erasing;
import org.openlockbox.server.erasure.Retention;
import org.openlockbox.server.export.Exports;
import org.openlockbox.server.gateway.Appending;
import org.openlockbox.server.gateway.BudgetClaims;
import org.openlockbox.server.gateway.Effects;
import org.openlockbox.server.gateway.GatewayAuthority;
import org.openlockbox.server.gateway.HistoryAlarms;
import org.openlockbox.server.gateway.Leases;
import org.openlockbox.server.gateway.Openings;
import org.openlockbox.server.gateway.SessionNotices;
import org.openlockbox.server.gateway.Sessions;
import org.openlockbox.server.identity.Directory;
import org.openlockbox.server.identity.Invitations;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.Tokens;
import org.openlockbox.server.log.CheckpointSigner;
import org.openlockbox.server.log.Endings;
import org.openlockbox.server.log.HeadGuard;
import org.openlockbox.server.log.Histories;
import org.openlockbox.server.log.LogKeys;
import org.openlockbox.server.log.LogReader;
import org.openlockbox.server.log.LossWatch;
import org.openlockbox.server.log.SignedHeadsFile;
import org.openlockbox.server.log.SigningState;
import org.openlockbox.server.log.TenantLogs;
import org.openlockbox.server.log.Texts;
import org.openlockbox.server.notify.GatewayNotices;
import org.openlockbox.server.notify.InvitationLetters;
import org.openlockbox.server.notify.LogNotices;
import org.openlockbox.server.policy.Drafts;
import org.openlockbox.server.policy.KeyringChanges;
import org.openlockbox.server.policy.SignedTickets;
import org.openlockbox.server.proposal.Proposals;
import org.openlockbox.server.seal.KeyWrapping;
import org.openlockbox.server.seal.TenantKeys;
import org.openlockbox.server.seal.WrappingKeyFile;
import org.openlockbox.server.tenant.LogKeyRotation;
import org.openlockbox.server.tenant.LogKeyRows;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.Tenants;
import org.openlockbox.server.tenant.WaitingTenants;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Every part of a server and what it is given, by constructors. Opening it connects to the
/// database and brings its tables up to date; closing it stops the background work first.
final class Wiring implements AutoCloseable {
  private final Pools pools;
  private final Rounds rounds = new Rounds(Duration.ofSeconds(5));
  private final ServerConfig config;
  private final Tokens tokens;
  private final SignedHeadsFile heads;
  private final SigningState signing;
  private final PromptPool prompt;
  private final LossWatch losses;
  private final CheckpointSigner signer;
  private final Endings endings;
  private final TenantKeys dataKeys;
  private final Store store;
  private final NotificationWiring telling;
  private final RequestNotices requestNotices;
  private final Histories histories;
  private final Witnesses witnesses;
  private final LogKeyRotation rotations;
  private final Epochs epochs;
  private final OwnWitnesses ownWitnesses;
  private final Sessions sessions;
  private final Leases leases;
  private final Authorities authorities;
  private final Steps steps;
  private final Erasing erasing;
  private final Retention retention;
  private final Connecting connecting;
  private final Appending appending;
  private final Exports exports;
  private final KeyWrapping wrapping;
  private final SecureRandom random;
  private final People people;
  private final WaitingTenants waiting;
  private final Invitations invitations;

  Wiring(ServerConfig config) {
    this.config = config;
    var keys = LogKeys.read(config.logKey());
    pools = Pools.open(config.database());
    random = new SecureRandom();
    var database = Database.over(pools.work());
    var jdbc = database.statements();
    prompt = PromptPool.over(Database.over(pools.prompt()));
    tokens = new Tokens(jdbc, prompt, config.clock(), random);
    heads = SignedHeadsFile.open(config.signedHeads());
    signing = new SigningState(heads, config.clock());
    var guard = guard(jdbc);
    signer = new CheckpointSigner(database, keys, guard, signing);
    losses = new LossWatch(jdbc, keys, guard, signer::forget);
    signer.start();
    wrapping = WrappingKeyFile.openFor(jdbc, config.wrappingKey(), random);
    dataKeys = dataKeys(config, jdbc, wrapping, random);
    var texts = new Texts(jdbc, dataKeys);
    endings = new Endings(config.clock());
    var logs = logs(jdbc, database.also(pools.appends()), guard, texts);
    var reader = new LogReader(jdbc);
    var tenants = tenants(jdbc, logs, reader, keys, random);
    store = new Store(jdbc, database.transactions(), logs, reader, texts, tenants);
    telling = new NotificationWiring(config, jdbc, wrapping, random);
    requestNotices = requestNotices(jdbc);
    histories = new Histories(reader);
    witnesses = new Witnesses(config.witnesses());
    rotations = new LogKeyRotation(tenants, new LogKeyRows(jdbc), keys, store.transaction());
    epochs = epochs(keys, guard);
    ownWitnesses = new OwnWitnesses(jdbc, reader, tenants, keys, config.ownWitnesses());
    sessions = new Sessions(jdbc);
    var sessionNotices = new SessionNotices(sessions, telling.notices(), config.publicUrl());
    leases = leases(sessionNotices);
    authorities = new Authorities(reader, new CelConditions());
    steps = new Steps(store, authorities, requestNotices, directory());
    erasing = new Erasing(store, new Copies(store, steps));
    retention = new Retention(store, new Copies(store, steps), config.clock());
    connecting = new Connecting(store, histories, authorities.conditions(), config.clock());
    appending = appending(jdbc, sessionNotices);
    exports = exports(config, jdbc, texts, store.transaction(), random);
    people = new People(jdbc, config.clock());
    waiting = new WaitingTenants(jdbc, tenants, config.clock());
    invitations =
        new Invitations(jdbc, store.transaction(), people, mailing(), config.clock(), random);
  }

  private Invitations.Mailing mailing() {
    var letters = new InvitationLetters(telling.notices(), config.publicUrl());
    return (invitation, tenantName, secret) ->
        letters.send(
            invitation.address().value(),
            new InvitationLetters.Invited(
                invitation.tenant(),
                tenantName,
                Role.titles(invitation.roles()),
                invitation.by(),
                "/invitation/" + secret.forTheBrowser(),
                secret.derived("letter").hex().substring(0, 16)));
  }

  private Epochs epochs(LogKeys keys, HeadGuard guard) {
    return new Epochs(
        store.jdbc(),
        store.transaction(),
        config.logHost(),
        keys,
        guard,
        witnesses,
        config.clock());
  }

  private HeadGuard guard(JdbcClient jdbc) {
    try {
      return new HeadGuard(signing).begin(jdbc);
    } catch (IllegalStateException forgotten) {
      heads.close();
      pools.close();
      throw forgotten;
    }
  }

  private TenantLogs logs(JdbcClient jdbc, Database appends, HeadGuard guard, Texts texts) {
    return new TenantLogs(
        jdbc, appends.statements(), guard, texts, config.clock(), signer, endings);
  }

  private Tenants tenants(
      JdbcClient jdbc, TenantLogs logs, LogReader reader, LogKeys keys, SecureRandom random) {
    var founding =
        new Tenants.Founding(new LogHost(config.logHost()), config.provider().gatewayAuthority());
    return new Tenants(jdbc, logs, reader, keys, founding, config.clock(), random);
  }

  private RequestNotices requestNotices(JdbcClient jdbc) {
    var people = new People(jdbc, config.clock());
    return new RequestNotices(store, telling.notices(), people, config.clock(), config.publicUrl());
  }

  private static Exports exports(
      ServerConfig config,
      JdbcClient jdbc,
      Texts texts,
      TransactionTemplate transaction,
      SecureRandom random) {
    return new Exports(
        config.sinks(), config.logHost(), jdbc, texts, transaction, config.clock(), random);
  }

  private Leases leases(SessionNotices sessionNotices) {
    var gatewayNotices = new GatewayNotices(telling.notices(), config.publicUrl());
    var authority = new GatewayAuthority(store, gatewayNotices, config.clock());
    return new Leases(
        store, prompt, sessions, sessionNotices, endings, signing, authority, config.clock());
  }

  private Appending appending(JdbcClient jdbc, SessionNotices notices) {
    var effects = new Effects(store, sessions, leases.boots(), requestNotices, notices);
    return new Appending(store, effects, new Openings(jdbc), leases.authority());
  }

  /// Begins the work beside the answers. What it says loudly and once would be lost while Spring
  /// sets up logging, so this comes after.
  void startRounds() {
    var sweep = new Sweep(store, steps, config.clock());
    rounds.every(Duration.ofSeconds(5), "signing what was left", signer::signLeft);
    rounds.every(Duration.ofSeconds(1), "comparing with what was signed", losses::round);
    rounds.every(Duration.ofSeconds(1), "building epochs", epochs::round);
    rounds.every(Duration.ofSeconds(1), "handing logs over", rotations::round);
    rounds.every(Duration.ofSeconds(1), "asking own witnesses", ownWitnesses::round);
    rounds.every(Duration.ofSeconds(1), "sweeping requests", sweep::round);
    rounds.every(Duration.ofSeconds(5), "watching gateways", leases::round);
    rounds.every(Duration.ofSeconds(1), "telling of gateways", leases.authority()::round);
    var closing = new ClosingLetters(store, requestNotices);
    rounds.every(Duration.ofSeconds(1), "telling closing records", closing::round);
    for (var exporter : exports.exporters()) {
      rounds.every(
          Duration.ofMillis(500), "exporting to " + exporter.sink().name(), exporter::round);
    }
    rounds.every(Duration.ofMinutes(10), "forgetting old invitations", invitations::forgetOld);
    rounds.every(Duration.ofMinutes(1), "deleting what was erased", erasing::round);
    rounds.every(Retention.PAUSE, "erasing what is old enough", retention::round);
    telling.start(rounds);
    var reports = new MonthlyReports(store, telling.notices(), config.clock(), config.publicUrl());
    rounds.every(Duration.ofMinutes(10), "reporting the month", reports::round);
    var digests = new DailyDigests(store, telling.notices(), config.clock(), config.publicUrl());
    rounds.every(Duration.ofMinutes(10), "telling the day", digests::round);
    var reminders = new Reminders(store, requestNotices, config.clock());
    rounds.every(Duration.ofSeconds(1), "reminding", reminders::round);
    var grouped = new GroupedLetters(store, requestNotices, config.clock());
    rounds.every(Duration.ofSeconds(1), "telling requests together", grouped::round);
  }

  /// The tenants' data keys, all of which can be had, wrapped by the newest wrapping key.
  static TenantKeys dataKeys(
      ServerConfig config, JdbcClient jdbc, KeyWrapping wrapping, SecureRandom random) {
    var keys = new TenantKeys(jdbc, wrapping, config.clock(), random);
    keys.adopt();
    return keys;
  }

  private HistoryAlarms historyAlarms() {
    var notices = new LogNotices(telling.notices(), config.publicUrl());
    return new HistoryAlarms(store, notices, config.clock());
  }

  private RequestSubmission asking() {
    return new RequestSubmission(
        store,
        steps,
        authorities,
        directory(),
        config.provider().resourcesById(),
        config.requestLimits(),
        config.clock(),
        new SecureRandom());
  }

  /// Gives Spring what handles calls; nothing else is Spring's.
  void register(GenericApplicationContext context, Extension extension) {
    context.registerBean(HttpEdge.class);
    context.registerBean(Tokens.class, () -> tokens);
    var desk = new Desk(config.provider(), store, histories, sessions, config.clock());
    rounds.every(Duration.ofMinutes(10), "forgetting old answers", desk::forgetOldAnswers);
    var asking = asking();
    var changes =
        new KeyringChanges(
            store,
            steps,
            telling.notices(),
            authorities.conditions(),
            config.clock(),
            config.publicUrl());
    var drafts = new Drafts(store, authorities, config.clock());
    var tickets = new SignedTickets(store);
    context.registerBean(HealthApi.class, () -> new HealthApi(new Health(prompt, signing)));
    context.registerBean(OpenApi.class, OpenApi::new);
    context.registerBean(
        TenantsApi.class, () -> new TenantsApi(desk, waiting, telling.contacts(), changes));
    context.registerBean(PolicyApi.class, () -> new PolicyApi(desk, drafts, tickets));
    context.registerBean(RequestsApi.class, () -> new RequestsApi(desk, asking));
    context.registerBean(DecisionsApi.class, () -> new DecisionsApi(desk, steps, connecting));
    context.registerBean(SessionsApi.class, () -> new SessionsApi(desk, sessions));
    context.registerBean(LogApi.class, () -> new LogApi(desk));
    context.registerBean(ErasuresApi.class, () -> new ErasuresApi(desk, erasing));
    context.registerBean(EpochsApi.class, () -> new EpochsApi(desk, epochs));
    context.registerBean(ExportApi.class, () -> new ExportApi(desk, exports));
    context.registerBean(
        NotificationsApi.class,
        () -> new NotificationsApi(desk, telling.settings(), telling.deliveries()));
    context.registerBean(TokensApi.class, () -> new TokensApi(desk, tokens));
    context.registerBean(GatewayApi.class, () -> gatewayApi(desk));
    context.registerBean(GatewayAuthorityApi.class, () -> new GatewayAuthorityApi(desk, leases));
    var remarks = new Comments(store, dataKeys, requestNotices, config.clock());
    var proposals = new Proposals(store, changes, config.clock(), random);
    context.registerBean(ProposalsApi.class, () -> new ProposalsApi(desk, proposals));
    context.registerBean(
        InvitationsApi.class, () -> new InvitationsApi(desk, waiting, invitations));
    extension.plugInto(
        new ServerParts(
            config,
            store,
            telling,
            wrapping,
            random,
            rounds,
            desk,
            steps,
            changes,
            asking,
            authorities,
            remarks,
            drafts,
            proposals,
            people,
            invitations,
            waiting),
        context);
  }

  private GatewayApi gatewayApi(Desk desk) {
    return new GatewayApi(
        desk,
        leases,
        appending,
        new BudgetClaims(store),
        connecting,
        new WitnessViews(store.tenants(), store.reader(), epochs, ownWitnesses),
        historyAlarms(),
        config.wantsClientCertificates());
  }

  Appending appending() {
    return appending;
  }

  Epochs epochs() {
    return epochs;
  }

  Retention retention() {
    return retention;
  }

  Tokens tokens() {
    return tokens;
  }

  People people() {
    return people;
  }

  Directory directory() {
    return new Directory(store.jdbc(), config.clock());
  }

  @Override
  public void close() {
    rounds.close();
    appending.close();
    exports.close();
    telling.close();
    signer.close();
    witnesses.close();
    ownWitnesses.close();
    heads.close();
    pools.close();
  }
}
