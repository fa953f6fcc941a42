package org.openlockbox.server;

import java.security.SecureRandom;
import java.time.Duration;
import org.openlockbox.server.database.PromptPool;
import org.openlockbox.server.identity.Invitations;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.ProviderDirectory;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.Tokens;
import org.openlockbox.server.notify.mail.InvitationMails;
import org.openlockbox.server.tenant.Store;

/// Who may come in: people of tenants and of the provider, their tokens and invitations.
public final class PeopleWiring {
  private final Tokens tokens;
  private final People people;
  private final ProviderDirectory directory;
  private final Invitations invitations;

  PeopleWiring(
      ServerConfig config,
      Store store,
      PromptPool prompt,
      NotificationWiring notifications,
      SecureRandom random) {
    var clock = config.clock();
    var jdbc = store.jdbc();
    tokens = new Tokens(jdbc, prompt, clock, random);
    people = new People(jdbc, clock);
    directory = new ProviderDirectory(jdbc, clock);
    var letters = new InvitationMails(notifications.notices(), config.web().publicUrl());
    invitations =
        new Invitations(jdbc, store.transaction(), people, mailing(letters), clock, random);
  }

  private static Invitations.InvitationMailer mailing(InvitationMails letters) {
    return (invitation, tenantName, secret) ->
        letters.send(
            invitation.address().value(),
            new InvitationMails.InvitationDetails(
                invitation.tenant(),
                tenantName,
                Role.titles(invitation.roles()),
                invitation.by(),
                "/invitation/" + secret.forTheBrowser(),
                secret.derived("letter").hex().substring(0, 16)));
  }

  void start(Rounds rounds) {
    rounds.every(Duration.ofMinutes(10), "forgetting old invitations", invitations::forgetOld);
  }

  Tokens tokens() {
    return tokens;
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
