package org.openlockbox.node.setup;

/// What is left to do after `lockbox init`, as commands.
final class NextSteps {
  private NextSteps() {}

  static String of(HostPlan plan, boolean started) {
    String steps =
        switch (plan.role()) {
          case WHOLE -> fence(plan, 1) + check(3) + customer(plan, 4) + offline(plan, 5);
          case SERVER -> handOver(plan) + check(4) + offline(plan, 5);
          case GATEWAY -> fence(plan, 1) + catalogue(plan) + check(4) + customer(plan, 5);
        };
    return "%s%n%s%nNext:%n%s".formatted(services(plan, started), renewals(plan), steps);
  }

  private static String renewals(HostPlan plan) {
    return plan.certificate().flatMap(it -> it.renewedIn()).isEmpty()
        ? ""
        : "Renewed certificates arrive by %s: certbot runs it by itself, tell any other client.%n"
            .formatted(RenewalHook.file(plan.layout()));
  }

  private static String services(HostPlan plan, boolean started) {
    var layout = plan.layout();
    String units = String.join(" ", HostServices.of(plan.role()));
    if (started) {
      return switch (plan.role()) {
        case WHOLE -> "The server and the gateway run.";
        case SERVER -> "The server runs.";
        case GATEWAY -> "The gateway runs.";
      };
    }
    String configs =
        switch (plan.role()) {
          case WHOLE -> layout.serverConfig() + " and --config " + layout.gatewayConfig();
          case SERVER -> layout.serverConfig().toString();
          case GATEWAY -> layout.gatewayConfig().toString();
        };
    return "Start: systemctl start %s, or lockbox up --config %s.".formatted(units, configs);
  }

  private static String fence(HostPlan plan, int number) {
    var guarded = plan.guarded().orElseThrow();
    return """
    %1$d. Review %2$s: which columns are masked, which tables are hidden.
    %3$d. A DBA reads and applies the fence. Until then the gateway opens no session.
         lockbox resource plan %4$s --config %5$s > fence.sql
         psql -p %6$d -d %7$s -v ON_ERROR_STOP=1 -f fence.sql      as a superuser of that database
    """
        .formatted(
            number,
            plan.layout().resources(),
            number + 1,
            plan.resource(),
            plan.layout().gatewayConfig(),
            guarded.server().port(),
            guarded.database());
  }

  private static String catalogue(HostPlan plan) {
    return """
    3. Copy %s to the same place on the server's host, and type there:
         lockbox reload --config /etc/lockbox/server.yaml
    """
        .formatted(plan.layout().resources());
  }

  private static String handOver(HostPlan plan) {
    var layout = plan.layout();
    return """
    1. Bring the gateway's keys and certificates to its host, and remove them here:
         tar -C %1$s -c . | ssh root@%2$s 'mkdir -p /etc/lockbox/gateway && tar -C /etc/lockbox/gateway -xp' && rm -r %1$s
    2. There, with the database to protect:
         lockbox init --gateway --protect localhost:5432/shop --tenants acme=1,globex=2
    3. Copy /etc/lockbox/resources.yaml of that host to %3$s here:
         lockbox reload --config %4$s
    """
        .formatted(
            layout.gateway(),
            plan.gateway().name().orElseThrow(),
            layout.resources(),
            layout.serverConfig());
  }

  private static String check(int number) {
    return "%d. Check everything: lockbox doctor%n".formatted(number);
  }

  private static String customer(HostPlan plan, int number) {
    String where = plan.server().isPresent() ? "" : ". On the server's host";
    return """
    %1$d. Set up your first customer, with the keys of its own people%2$s:
         lockbox key new anna.key
         lockbox tenant create %3$s --name "Acme Ltd" --approver anna:"Anna Example"=anna.key --notify security@acme.example
    """
        .formatted(number, where, plan.guarded().orElseThrow().firstTenant());
  }

  private static String offline(HostPlan plan, int number) {
    return """
    %d. Take %s off this host, and keep a copy of %s offline.
       Nobody can replace either.
    """
        .formatted(number, plan.layout().authority(), plan.layout().logKey());
  }
}
