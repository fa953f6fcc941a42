package org.openlockbox.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.fence.Helpdesk;

/// Tenants that the protected database itself names.
class TenantValuesTest {
  private static final Helpdesk HELPDESK = Helpdesk.fenced("lookup_test");
  private static final String NAMED = "values: {acme: 1, globex: 2, initech: 3}";

  private final AtomicLong now = new AtomicLong(System.nanoTime());
  private final PostgresResource resource = resource("select slug, id from helpdesk.tenants");

  @BeforeAll
  static void letTheGatewayLookTenantsUp() {
    HELPDESK.asSuperuser("grant usage on schema helpdesk to lockbox_gateway");
    HELPDESK.asSuperuser("grant select (slug, id) on helpdesk.tenants to lockbox_gateway");
  }

  @AfterEach
  void close() {
    resource.close();
    HELPDESK.dropSessions();
  }

  private static ResourceSpec spec(String tenancy) {
    return Catalogue.parse("resources.yaml", HELPDESK.yaml().replace(NAMED, tenancy))
        .resources()
        .getFirst();
  }

  private PostgresResource resource(String query) {
    var gateway = new GatewayBoot(new GatewayId("gw-1"), "00000000000000aa");
    return PostgresResource.of(
        spec("lookup: \"" + query + "\""),
        place ->
            new SessionRoles(
                place,
                AdminConnections.to(place.address(), "unused", gateway),
                gateway,
                new SecureRandom(),
                now::get));
  }

  private Optional<SessionRoles> of(String tenant) {
    return resource.of(new TenantId(tenant));
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void aTenantOfTheTableSeesItsRowsAndTheFenceStands() throws SQLException {
    var roles = of("globex").orElseThrow();
    assertThat(roles.standing()).isInstanceOf(SessionRoles.FenceState.FenceStands.class);
    var role = Helpdesk.open(roles, "globex", Level.READ, Tables.ALL);
    try (var session = HELPDESK.as(role)) {
      assertThat(answer(session, "select string_agg(distinct tenant_id::text, ',') from customers"))
          .isEqualTo("2");
    }
    assertThat(roles.close(role)).isEmpty();
  }

  @Test
  void aTenantThatComesIsFoundSoonAndOneThatIsNotThereIsServedNothing() {
    assertThat(of("hooli")).isEmpty();
    HELPDESK.asSuperuser(
        "insert into helpdesk.tenants select 4, 'hooli', 'Hooli', plan_code, '-', now() from helpdesk.tenants limit 1");
    try {
      assertThat(of("hooli")).as("not asked again within two seconds").isEmpty();
      pass(Duration.ofSeconds(3));
      assertThat(of("hooli")).isPresent();
    } finally {
      HELPDESK.asSuperuser("delete from helpdesk.tenants where slug = 'hooli'");
    }
    pass(Duration.ofSeconds(61));
    assertThat(of("hooli")).isEmpty();
  }

  @Test
  void theValueOfOpenSessionsStaysAndNobodyElseGetsIt() {
    var roles = of("acme").orElseThrow();
    var role = Helpdesk.open(roles, "acme", Level.READ, Tables.ALL);
    swap();
    try {
      pass(Duration.ofSeconds(61));
      assertThat(of("acme")).isPresent();
      assertThat(of("globex")).as("its new value is acme's, which is in use").isEmpty();
      assertThat(value(roles, "acme")).isEqualTo("1");
      assertThat(roles.close(role)).isEmpty();
      pass(Duration.ofSeconds(61));
      assertThat(value(roles, "acme")).isEqualTo("2");
      assertThat(of("globex")).isPresent();
    } finally {
      swap();
    }
  }

  /// The names of acme and globex change places.
  private static void swap() {
    HELPDESK.asSuperuser(
        "update helpdesk.tenants set slug = 'x' || slug where slug in ('acme', 'globex')");
    HELPDESK.asSuperuser(
        "update helpdesk.tenants set slug = case slug when 'xacme' then 'globex' else 'acme' end where slug like 'x%'");
  }

  private static String value(SessionRoles roles, String tenant) {
    var role = Helpdesk.open(roles, tenant, Level.READ, Tables.ALL);
    try (var session = HELPDESK.as(role)) {
      return answer(session, "select string_agg(distinct tenant_id::text, ',') from customers");
    } catch (SQLException e) {
      throw new AssertionError(e);
    } finally {
      roles.close(role);
    }
  }

  @Test
  void tenantsThatShareAValueAreServedNeither() {
    try (var shared =
        resource("select slug, case when id = 3 then 1 else id end from helpdesk.tenants")) {
      assertThat(shared.of(new TenantId("acme"))).isEmpty();
      assertThat(shared.of(new TenantId("initech"))).isEmpty();
      assertThat(shared.of(new TenantId("globex"))).isPresent();
    }
  }

  @Test
  void aQueryThatChangesSomethingFindsNobody() {
    try (var writing = resource("delete from helpdesk.tenants returning slug, id")) {
      var roles = writing.of(new TenantId("acme")).orElseThrow();
      assertThatThrownBy(() -> Helpdesk.open(roles, "acme", Level.READ, Tables.ALL))
          .hasMessageContaining("holds no data of acme");
    }
    assertThat(of("acme")).isPresent();
  }

  @Test
  void twoQueriesAreRefusedWithTheirLine() {
    assertThatThrownBy(() -> spec("lookup: \"select 'a', 1; select 2\""))
        .isInstanceOf(YamlProblem.class)
        .hasMessageContaining("line ")
        .hasMessageContaining("must be one query, without a semicolon");
  }
}
