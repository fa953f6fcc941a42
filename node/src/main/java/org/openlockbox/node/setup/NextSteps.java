package org.openlockbox.node.setup;

/// What is left to do after `lockbox init`, as commands.
final class NextSteps {
  private NextSteps() {}

  static String of(HostPlan plan, boolean started) {
    var layout = plan.layout();
    var databases = plan.databases();
    String up =
        started
            ? "The server and the gateway run."
            : "Start both: systemctl start %s %s, or lockbox up --config %s and --config %s."
                .formatted(
                    HostServices.SERVER,
                    HostServices.GATEWAY,
                    layout.serverConfig(),
                    layout.gatewayConfig());
    return """
    %1$s

    Next:
    1. Review %2$s: which columns are masked, which tables are hidden.
    2. A DBA reads and applies the fence. Until then the gateway opens no session.
         lockbox resource plan %3$s --config %4$s > fence.sql
         psql -p %5$d -d %6$s -v ON_ERROR_STOP=1 -f fence.sql      as a superuser of that database
    3. Check everything: lockbox doctor
    4. Set up your first customer, with the keys of its own people:
         lockbox key new anna.key
         lockbox tenant create %7$s --name "Acme Ltd" --approver anna:"Anna Example"=anna.key --notify security@acme.example
    5. Take %8$s off this host, and keep a copy of %9$s offline.
       Nobody can replace either.
    """
        .formatted(
            up,
            layout.resources(),
            databases.resource(),
            layout.gatewayConfig(),
            databases.server().port(),
            databases.database(),
            databases.firstTenant(),
            layout.authority(),
            layout.logKey());
  }
}
