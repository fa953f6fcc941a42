package org.openlockbox.e2e.operation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.e2e.harness.InitHost;

/// A server on one host and a gateway on another, each made by `lockbox init`, with a PostgreSQL of
/// its own: from the first command to the first session, as docs/install.md says. Neither host has
/// what belongs to the other one.
@Tag("slow")
class InitApartTest {
  @Test
  void twoHostsAreMadeAndTheFirstSessionGoesThroughBoth() {
    try (var server = InitHost.bare("apart-server");
        var gateway = InitHost.bare("apart-gateway")) {
      String said = server.types(init(server)).ok();
      assertThat(said).contains("lockbox init --gateway", "lockbox reload", "authority");
      server.starts("server");
      aGatewayWithoutWhatWasHandedIsRefused(gateway);
      handsOver(server, gateway);
      joins(server, gateway);
      theFirstSession(server);
      neitherHasWhatIsTheOthers(server, gateway);
      bothGoOnWhenTypedAgain(server, gateway);
    }
  }

  private static void aGatewayWithoutWhatWasHandedIsRefused(InitHost gateway) {
    gateway.types("psql -q -d postgres -f " + InitHost.shop()).ok();
    gateway
        .types(init(gateway, "--server-url https://localhost:1 --resource shop"))
        .ends(2)
        .says("ca.pem is missing", "lockbox init --server");
  }

  private static String init(InitHost server) {
    return """
    lockbox init --server --no-start --host localhost --provider "Example Ltd" --gateway-host localhost \
        --gateway-port %d --resource shop --port %d --admin postgres --control localhost:%d \
        --directory etc --state lib
    """
        .formatted(server.gatewayPort(), server.serverPort(), server.cluster().port());
  }

  private static void handsOver(InitHost server, InitHost gateway) {
    gateway
        .types(
            """
            mkdir -p etc/gateway
            tar -C %1$s/etc/gw-1 -c . | tar -C etc/gateway -xp
            rm -r %1$s/etc/gw-1
            """
                .formatted(server.directory()))
        .ok();
  }

  private static String init(InitHost gateway, String more) {
    return """
    lockbox init --gateway --no-start --protect localhost:%d/shop --tenants acme=1,globex=2 \
        --admin postgres --directory etc --state lib %s
    """
        .formatted(gateway.cluster().port(), more);
  }

  private static void joins(InitHost server, InitHost gateway) {
    String said = gateway.types(init(gateway, "")).ok();
    assertThat(said).contains("resource plan shop", "lockbox reload", "tenant create acme");
    gateway
        .types(
            """
            lockbox resource plan shop --config etc/gateway.yaml >fence.sql
            psql -q -d shop -v ON_ERROR_STOP=1 -f fence.sql
            cp etc/resources.yaml %s/etc/resources.yaml
            """
                .formatted(server.directory()))
        .ok();
    server.types("lockbox reload --config etc/server.yaml").ok();
    gateway.starts("gateway");
  }

  private static void theFirstSession(InitHost server) {
    server.foundsAcme();
    String id = server.asksAndApproves();
    String count =
        "LOCKBOX_PROFILE=engineer lockbox psql %s -- -Atc 'select count(*) from customers'"
            .formatted(id);
    assertThat(server.types(count).ok()).isEqualTo("2\n");
  }

  private static void neitherHasWhatIsTheOthers(InitHost server, InitHost gateway) {
    String here = server.types("find etc -type f").ok();
    String there = gateway.types("find etc -type f").ok();
    assertThat(here)
        .contains("log.key", "authority.key", "control.password")
        .doesNotContain("gw-1", "shop.password");
    assertThat(there)
        .contains("gw-1.key", "gw-1.cert", "gw-1.token", "shop.password")
        .doesNotContain("log.key", "authority.key", "control.password", "server.yaml");
  }

  /// What is there is kept.
  private static void bothGoOnWhenTypedAgain(InitHost server, InitHost gateway) {
    gateway.types("sha256sum $(find etc -type f) >kept; " + init(gateway, "")).ok();
    gateway.types("sha256sum -c --quiet kept").ok();
    server.types("sha256sum $(find etc -type f) >kept; " + init(server)).ok();
    server.types("sha256sum -c --quiet kept; test ! -e etc/gw-1").ok();
  }
}
