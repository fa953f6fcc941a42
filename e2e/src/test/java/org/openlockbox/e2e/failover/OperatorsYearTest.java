package org.openlockbox.e2e.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.e2e.harness.PostgresUrl;

/// What an operator does in the course of a year, while 200 sessions of two tenants ask a statement
/// every second: a customer comes, a certificate and the log keys are renewed, a resource is added,
/// and a gateway is replaced by one with a new key. No session ends but by its own program. Another
/// number with `-Dlockbox.sessions=N`.
@Tag("long")
class OperatorsYearTest {
  private static final int EACH = Integer.getInteger("lockbox.sessions", 200) / 2;
  private static final Duration WORK = Duration.ofHours(1);
  private static final Duration DRAINED_WITHIN = Duration.ofMinutes(2);
  private static final List<String> PARTS = List.of("lockbox-1", "lockbox-2", "gw-1", "gw-2");

  @Test
  void noSessionEndsWhileAllIsRenewed() throws Exception {
    try (var host = new BalancedHost("year")) {
      host.desk().founds("globex", "gus");
      var grants = List.of(host.grant("acme", "anna", EACH), host.grant("globex", "gus", EACH));
      try (var crowd = new Crowd(grants, EACH, WORK)) {
        // Who was kept out at first, on a busy machine, has come again by now.
        crowd.readsOn("the logins");
        int keptOut = crowd.faults().size();
        aCustomerComes(host);
        goesOn(crowd, keptOut, "a customer came");
        theGatewaysCertificateIsRenewed(host);
        goesOn(crowd, keptOut, "the gateways' certificate");
        aResourceIsAdded(host);
        goesOn(crowd, keptOut, "a resource was added");
        theLogKeysAreReplaced(host);
        goesOn(crowd, keptOut, "new log keys");
        theGatewaysKeyIsReplaced(host);
        goesOn(crowd, keptOut, "a gateway's new key");
        crowd.leaves();
        assertThat(crowd.faults()).as(host::story).hasSize(keptOut);
        assertThat(crowd.visits()).isEqualTo(2 * EACH);
      }
      host.stopsByItself("gw-1", DRAINED_WITHIN);
    }
  }

  private static void goesOn(Crowd crowd, int keptOut, String after) {
    crowd.readsOn(after);
    assertThat(crowd.faults()).as("sessions that ended after: %s", after).hasSize(keptOut);
  }

  private static void aCustomerComes(BalancedHost host) throws IOException {
    change(host.etc().resolve("resources.yaml"), "globex: 2}", "globex: 2, hooli: 3}");
    reload(host, PARTS);
    host.desk()
        .types("psql -q -d shop -c \"insert into customers (tenant_id, name) values (3, 'Gavin')\"")
        .ok();
    host.desk().founds("hooli", "gavin");
    assertThat(count(host.grant("hooli", "gavin", 2), "customers")).isEqualTo(1);
  }

  private static void theGatewaysCertificateIsRenewed(BalancedHost host) {
    String before = shown(host);
    host.desk()
        .types(
            """
            openssl req -new -key etc/gateway/tls.key -subj /CN=localhost -addext subjectAltName=DNS:localhost \
                | openssl x509 -req -CA etc/ca.pem -CAkey etc/authority/ca.key -days 30 \
                    -copy_extensions copy -out new.pem
            cat new.pem >etc/gateway/tls.pem
            """)
        .ok();
    reload(host, List.of("gw-1", "gw-2"));
    assertThat(shown(host)).isNotEqualTo(before);
    assertThat(count(host.grant("acme", "anna", 2), "customers")).isEqualTo(2);
  }

  /// The certificate's serial number, as a PostgreSQL client is shown it.
  private static String shown(BalancedHost host) {
    return host.desk()
        .types(
            "openssl s_client -starttls postgres -connect localhost:%d </dev/null 2>/dev/null | openssl x509 -noout -serial"
                .formatted(host.dialledPort()))
        .ok();
  }

  private static void aResourceIsAdded(BalancedHost host) throws IOException {
    host.desk()
        .types(
            """
            psql -q -d postgres -c 'create database till'
            psql -q -d till -c 'create table receipts (id int primary key, tenant_id int not null, total int);
                insert into receipts values (1, 1, 10), (2, 1, 20), (3, 2, 30)'
            cat >>etc/resources.yaml <<'END'

              - id: till
                name: Till
                postgres: {host: localhost, port: %d, database: till, tls: disable}
                tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
                levels: [masked, read]
                tables:
                  receipts: {}
            END
            for gw in gw-1 gw-2; do
                sed -i "s|^    shop: .*|&\\n    till: {file: 'gateway/shop.password'}|" etc/$gw.yaml
                lockbox gateway renew etc/gateway/$gw.cert --authority etc/authority/authority.key \
                    --resource shop --resource till
            done
            lockbox resource plan till --config etc/gw-1.yaml >till.sql
            psql -q -d till -v ON_ERROR_STOP=1 -f till.sql
            """
                .formatted(host.databasePort()))
        .ok();
    reload(host, PARTS);
    assertThat(count(host.grant("acme", "anna", "till", 2), "receipts")).isEqualTo(2);
  }

  private static void theLogKeysAreReplaced(BalancedHost host) {
    host.desk()
        .types(
            """
            lockbox log-keys new --config etc/lockbox-1.yaml
            lockbox log-keys rotate --config etc/lockbox-1.yaml
            lockbox log-keys retire --config etc/lockbox-1.yaml
            """)
        .ok();
    assertThat(count(host.grant("globex", "gus", 2), "customers")).isEqualTo(1);
  }

  /// One with another key takes its place, and it takes no more sessions. Its own go on.
  private static void theGatewaysKeyIsReplaced(BalancedHost host) throws Exception {
    int port = host.succeedsTheFirst("gw-3", "shop", "till");
    host.drains("gw-1", "PT1H");
    var grant = host.grant("acme", "anna", 2);
    assertThat(count(grant.at(port), "customers")).isEqualTo(2);
  }

  private static void reload(BalancedHost host, List<String> parts) {
    for (String part : parts) {
      host.desk().types("lockbox reload --config etc/%s.yaml".formatted(part)).ok();
    }
  }

  private static int count(PostgresUrl grant, String table) {
    try (var connection = grant.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select count(*) from " + table)) {
      rows.next();
      return rows.getInt(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void change(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }
}
