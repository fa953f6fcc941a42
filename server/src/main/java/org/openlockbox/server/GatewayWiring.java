package org.openlockbox.server;

import java.time.Duration;
import org.openlockbox.server.access.RequestNotices;
import org.openlockbox.server.database.PromptPool;
import org.openlockbox.server.gateway.BudgetClaims;
import org.openlockbox.server.gateway.EntryEffects;
import org.openlockbox.server.gateway.GatewayAppends;
import org.openlockbox.server.gateway.GatewayAuthority;
import org.openlockbox.server.gateway.HistoryAlarms;
import org.openlockbox.server.gateway.Leases;
import org.openlockbox.server.gateway.SessionNotices;
import org.openlockbox.server.gateway.SessionOpenings;
import org.openlockbox.server.gateway.SessionRows;
import org.openlockbox.server.metrics.ServerMeters;
import org.openlockbox.server.notify.mail.GatewayNotices;
import org.openlockbox.server.notify.mail.LogNotices;
import org.openlockbox.server.trace.ServerTraces;

/// What gateways come for: leases, appends, budgets, and what they report.
final class GatewayWiring implements AutoCloseable {
  private final SessionRows sessions;
  private final Leases leases;
  private final GatewayAppends appending;
  private final BudgetClaims claims;
  private final HistoryAlarms alarms;

  GatewayWiring(
      ServerConfig config,
      StoreWiring stores,
      SigningWiring signing,
      PromptPool prompt,
      RequestNotices requestNotices,
      NotificationWiring notifications,
      ServerMeters meters,
      ServerTraces traces) {
    var clock = config.clock();
    var url = config.web().publicUrl();
    var store = stores.store();
    var notices = notifications.notices();
    sessions = new SessionRows(store.jdbc());
    var sessionNotices = new SessionNotices(sessions, notices, url);
    var authority =
        new GatewayAuthority(
            store, new GatewayNotices(notices, url), signing.statementCopy(), clock);
    leases =
        new Leases(
            store,
            prompt,
            sessions,
            sessionNotices,
            stores.endings(),
            signing.state(),
            authority,
            clock);
    var effects = new EntryEffects(store, sessions, leases.boots(), requestNotices, sessionNotices);
    appending =
        new GatewayAppends(
            store, effects, new SessionOpenings(store.jdbc()), leases.authority(), meters, traces);
    meters.gauge(
        "lockbox.server.appends.waiting",
        "Calls of gateways that wait for the next group",
        appending::waiting);
    claims = new BudgetClaims(store);
    alarms = new HistoryAlarms(store, new LogNotices(notices, url), clock);
  }

  void start(Rounds rounds) {
    rounds.every(Duration.ofSeconds(5), "watching gateways", leases::round);
    rounds.every(Duration.ofSeconds(1), "hearing of gateways", leases.authority()::hear);
    rounds.every(Duration.ofSeconds(1), "telling of gateways", leases.authority()::tell);
    rounds.every(
        Duration.ofHours(1), "forgetting certificates of gateways", leases.boots()::forget);
  }

  SessionRows sessions() {
    return sessions;
  }

  Leases leases() {
    return leases;
  }

  GatewayAppends appending() {
    return appending;
  }

  BudgetClaims claims() {
    return claims;
  }

  HistoryAlarms alarms() {
    return alarms;
  }

  @Override
  public void close() {
    appending.close();
  }
}
