package org.openlockbox.server.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.epoch.EpochProof;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;

/// Epochs over 100,000 tenants. The rows are made by hand; nobody signed for these tenants.
@EnabledIfSystemProperty(named = "lockbox.long", matches = "true")
class EpochScaleTest {
  private static final int TENANTS = 100_000;

  @Test
  void aHundredThousandSlotsAreBuiltWithinAnEpoch() {
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      fill(server);
      var first = timed(server, "all heads new");
      server.execute("analyze log_batch, log_checkpoint");
      var idle = timed(server, "nothing changed");
      grow(server);
      var some = timed(server, "1,000 heads changed");
      var proof = server.get("acme-auditor", "/v1/tenants/acme/epoch");
      assertThat(EpochProof.parse(Json.read(proof.response().body())).hashes()).hasSize(17);
      assertThat(acme.verifiedLog()).hasSize(1);
      assertThat(first).isLessThan(Duration.ofSeconds(60));
      assertThat(idle).isLessThan(Duration.ofSeconds(5));
      assertThat(some).isLessThan(Duration.ofSeconds(5));
    }
  }

  private static void fill(TestServer server) {
    server.execute(
        """
        insert into tenant (id, name, origin, pin, slot, head_secret, log_keys, created_at)
        select 't' || n, 't' || n, 'log.example/t/t' || n, repeat('0', 64), n,
               sha256(n::text::bytea), sha256('keys'), now()
          from generate_series(1, %d) as n
        """
            .formatted(TENANTS - 1));
    server.execute(
        """
        insert into log_batch (tenant_id, first_seq, count, entries, hashes, root, range, keyring_seq, key_no)
        select id, 0, 1, '\\x000100', sha256(id::bytea), sha256(id::bytea), sha256(id::bytea), 0, 1
          from tenant where slot > 0
        """);
    server.execute(
        """
        insert into log_checkpoint (tenant_id, size, root, signatures)
        select id, 1, sha256(id::bytea), '' from tenant where slot > 0
        """);
    server.execute("insert into log_moved (tenant_id) select id from tenant where slot > 0");
  }

  /// A hundredth of the logs has one entry more.
  private static void grow(TestServer server) {
    server.execute(
        """
        with grown as (
          insert into log_batch (tenant_id, first_seq, count, entries, hashes, root, range, keyring_seq, key_no)
          select id, 1, 1, '\\x000100', sha256(id::bytea), sha256(sha256(id::bytea)), sha256(sha256(id::bytea)), 0, 1
            from tenant where slot % 100 = 1
        ), moved as (
          update log_checkpoint set size = 2, root = sha256(root)
           where tenant_id in (select id from tenant where slot % 100 = 1)
          returning tenant_id
        )
        insert into log_moved (tenant_id) select tenant_id from moved
        """);
  }

  private static Duration timed(TestServer server, String what) {
    long start = System.nanoTime();
    server.server(0).buildEpoch();
    var took = Duration.ofNanos(System.nanoTime() - start);
    System.out.printf("epoch over %,d slots, %s: %d ms%n", TENANTS, what, took.toMillis());
    return took;
  }
}
