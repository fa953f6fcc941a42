package org.openlockbox.node.resource;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.http.catalogue.HttpListing;
import org.openlockbox.http.resource.CanaryCalls;
import org.openlockbox.http.resource.CanaryCalls.CanaryAnswer;
import org.openlockbox.http.resource.CanaryCalls.CanaryVerdict;
import org.openlockbox.node.config.NodeConfig;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.service.GatewaySettings;
import org.openlockbox.node.service.Node;

/// `lockbox resource check` for a service that speaks HTTP: calls it as nobody may, and tells how
/// it answered.
final class ServiceCheck {
  private final HttpListing service;
  private final NodeConfig config;
  private final PrintStream out;

  ServiceCheck(HttpListing service, NodeConfig config, PrintStream out) {
    this.service = service;
    this.config = config;
    this.out = out;
  }

  /// The exit code.
  int run(Optional<String> tenant) {
    if (config.gateway().flatMap(NodeConfig.GatewayPart::http).isEmpty()) {
      throw new NodeFailure(
          Code.USAGE, "this configuration has no gateway.http section, whose key signs assertions");
    }
    Optional<CanaryCalls> canaries =
        new GatewaySettings(config).canaries(service.spec(), Node.clock());
    if (canaries.isEmpty()) {
      out.printf(
          "%s takes no assertions. Whoever reaches it without the gateway needs no approval.%n",
          service.spec().id());
      return 0;
    }
    boolean good = true;
    for (TenantId each : tenants(tenant)) {
      good &= isGood(canaries.get(), each);
    }
    out.println(service.spec().id() + (good ? " refuses what it must." : " must not be used so."));
    return good ? 0 : Code.FAILURE.exit();
  }

  private List<TenantId> tenants(Optional<String> wanted) {
    List<TenantId> all =
        service.spec().tenants().keySet().stream()
            .filter(each -> wanted.isEmpty() || each.value().equals(wanted.get()))
            .sorted(Comparator.comparing(TenantId::value))
            .toList();
    if (all.isEmpty()) {
      throw new NodeFailure(
          Code.USAGE,
          "%s holds no data of %s".formatted(service.spec().id(), wanted.orElse("anybody")));
    }
    return all;
  }

  private boolean isGood(CanaryCalls calls, TenantId tenant) {
    out.printf("%s of %s%n", service.spec().id(), tenant);
    boolean good = true;
    for (URI base : service.spec().upstream().all(tenant).stream().sorted().toList()) {
      good &= isGood(calls, tenant, base);
    }
    return good;
  }

  private boolean isGood(CanaryCalls calls, TenantId tenant, URI base) {
    try {
      List<CanaryAnswer> refusals = calls.refusals(tenant, base);
      Optional<CanaryAnswer> welcome = calls.welcome(tenant, base);
      refusals.forEach(this::tell);
      welcome.ifPresent(this::tell);
      if (refusals.isEmpty()) {
        out.printf("  no route to %s has the method GET, so nothing was asked%n", base);
      }
      return !refusals.isEmpty()
          && refusals.stream().allMatch(each -> each.verdict() == CanaryVerdict.AS_IT_SHOULD)
          && welcome.filter(each -> each.verdict() != CanaryVerdict.AS_IT_SHOULD).isEmpty();
    } catch (IOException e) {
      out.printf("  %s does not answer: %s%n", base, e.getMessage());
      return false;
    }
  }

  private void tell(CanaryAnswer answer) {
    String verdict =
        switch (answer.verdict()) {
          case AS_IT_SHOULD -> "as it should";
          case LET_IN -> "LET IN";
          case UNCLEAR -> "NOT AS IT SHOULD";
        };
    out.printf("  %s: %d, %s (%s)%n", answer.sent(), answer.status(), verdict, answer.path());
  }
}
