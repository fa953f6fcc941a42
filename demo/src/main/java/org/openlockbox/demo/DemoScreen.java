package org.openlockbox.demo;

import java.time.Duration;

/// What a person sees when the demo is up: what runs where, and what to type next.
final class DemoScreen {
  private static final String STORY =
      """
        An engineer asks, a customer signs, and every statement is on record. In a second terminal:

          1  ./lockbox request create --tenant acme --resource helpdesk --level masked --for PT30M \\
                 --purpose customer_ticket --ticket SUP-1 --reason "Cannot log in"
          2  ./lockbox psql R-... -- -c 'select count(*) from customers'         (refused: nobody signed)
          3  LOCKBOX_PROFILE=acme-approver ./lockbox approve R-... --key acme-approver.key
          4  ./lockbox psql R-... -- -c 'select id, email from customers limit 3'    (masked, acme's only)
          5  LOCKBOX_PROFILE=acme-approver ./lockbox revoke R-... --key acme-approver.key

        The helpdesk's API the same way: ask for --resource helpdesk-api --level masked, let acme approve, then

             ./lockbox connect R-... curl

        Ctrl-C stops everything and keeps it; ./lockbox demo --reset starts over.

      """;

  private DemoScreen() {}

  static String text(DemoLayout layout, DemoPorts ports, Duration took) {
    return """

        OpenLockbox is up after %.1f s, with the tenants acme, globex and initech.

          server       http://localhost:%d       gateway      127.0.0.1:%d (PostgreSQL, TLS)
          its database 127.0.0.1:%d             gateway      127.0.0.1:%d (HTTP, TLS)
          helpdesk     127.0.0.1:%d (the protected database), http://127.0.0.1:%d (its API)
          mail         http://localhost:%d/mail   log          %s

        In a browser: http://localhost:%d, signing in as ann@acme.example (approver), ada@acme.example (auditor),
        erin@helpdesk.example (engineer) or olga@helpdesk.example (operator); codes arrive at the mail address above.
        With a passkey: as ann@acme.example open Keys, make one, propose it, sign as its page says; then decide there.
        A new customer founds itself in the browser; its administrator gets an invitation by mail:

          LOCKBOX_PROFILE=operator ./lockbox tenant create hooli --name Hooli --admin you@hooli.example

        """
            .formatted(
                took.toMillis() / 1000.0,
                ports.server(),
                ports.gateway(),
                ports.control(),
                ports.http(),
                ports.helpdesk(),
                ports.api(),
                ports.mailPage(),
                layout.log(),
                ports.server())
        + STORY;
  }
}
