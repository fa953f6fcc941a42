package org.openlockbox.server;

import java.security.SecureRandom;
import java.time.Duration;
import org.openlockbox.server.database.PromptPool;
import org.openlockbox.server.identity.Invitations;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.ProviderDirectory;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.Tokens;
import org.openlockbox.server.identity.Visits;
import org.openlockbox.server.identity.oidc.Bearers;
import org.openlockbox.server.identity.oidc.DeviceSignIns;
import org.openlockbox.server.identity.oidc.IssuerSessions;
import org.openlockbox.server.identity.oidc.Issuers;
import org.openlockbox.server.notify.mail.InvitationMails;

/// Who may come in: people of tenants and of the provider, their tokens and invitations.
public final class PeopleWiring {
  private final Tokens tokens;
  private final People people;
  private final ProviderDirectory directory;
  private final Invitations invitations;
  private final Issuers issuers;
  private final IssuerSessions issuerSessions;
  private final Visits visits;
  private final Bearers bearers;
  private final DeviceSignIns deviceSignIns;

  PeopleWiring(
      ServerConfig config,
      StoreWiring stores,
      PromptPool prompt,
      NotificationWiring notifications,
      SecureRandom random) {
    var clock = config.clock();
    var store = stores.store();
    var jdbc = store.jdbc();
    tokens = new Tokens(jdbc, prompt, clock, random);
    people = new People(jdbc, clock);
    directory = new ProviderDirectory(jdbc, clock);
    var letters = new InvitationMails(notifications.notices(), config.web().publicUrl());
    invitations =
        new Invitations(jdbc, store.transaction(), people, mailing(letters), clock, random);
    issuers = new Issuers(config.issuers(), clock);
    issuerSessions =
        new IssuerSessions(jdbc, store.transaction(), issuers, stores.wrapping(), clock);
    visits = new Visits(jdbc, clock, random, issuerSessions);
    bearers = new Bearers(tokens, visits);
    deviceSignIns =
        new DeviceSignIns(
            jdbc,
            store.transaction(),
            issuers,
            issuerSessions,
            visits,
            stores.wrapping(),
            clock,
            random);
  }

  private static Invitations.InvitationMailer mailing(InvitationMails letters) {
    return (invitation, inviter, tenantName, secret) ->
        letters.send(
            invitation.address().value(),
            new InvitationMails.InvitationDetails(
                invitation.tenant(),
                tenantName,
                Role.words(invitation.roles()),
                inviter.name(),
                inviter.page(),
                "/invitation/" + secret.forTheBrowser(),
                secret.derived("letter").hex().substring(0, 16)));
  }

  void start(Rounds rounds) {
    rounds.every(Duration.ofMinutes(10), "forgetting old invitations", invitations::forgetOld);
    rounds.every(Duration.ofMinutes(10), "forgetting old visits", visits::forgetOld);
  }

  Tokens tokens() {
    return tokens;
  }

  /// The issuers at which people sign in.
  public Issuers issuers() {
    return issuers;
  }

  public IssuerSessions issuerSessions() {
    return issuerSessions;
  }

  /// Browsers and command lines in which people are signed in.
  public Visits visits() {
    return visits;
  }

  Bearers bearers() {
    return bearers;
  }

  DeviceSignIns deviceSignIns() {
    return deviceSignIns;
  }

  public People people() {
    return people;
  }

  ProviderDirectory directory() {
    return directory;
  }

  public Invitations invitations() {
    return invitations;
  }
}
