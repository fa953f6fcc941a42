package org.openlockbox.portal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.Tokens;
import org.openlockbox.server.problem.Problem;

/// Who is in the list of people, and what becomes of those who leave it.
final class PeopleTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final Optional<TenantId> acme = Optional.of(PORTAL.acme.id);
  private final SubjectId zoe = new SubjectId("zoe-" + NUMBERS.incrementAndGet());
  private final MailAddress address = new MailAddress(zoe.value() + "@acme.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static People people() {
    return PORTAL.server.server(0).people();
  }

  private void add(Role role) {
    people().add(new People.NewPerson(acme, zoe, address, "Zoe", Set.of(role)));
  }

  private static boolean isIn(TestBrowser browser) {
    return browser.get("/inbox").status() == 200;
  }

  @Test
  void aNameThatCannotBeSeenIsNoName() {
    assertThatThrownBy(
            () ->
                new Tokens.TokenHolder(
                    new SubjectId("eve"),
                    "Eve\u202e Engineer",
                    Set.of(Role.ENGINEER),
                    Optional.empty(),
                    Optional.empty()))
        .hasMessageContaining("a name is one line of characters that can be seen: Eve\\u202e");
  }

  @Test
  void whoIsRemovedIsOutAtOnceWithTheirTokens() {
    add(Role.AUDITOR);
    var browser = PORTAL.browser().as(address.value());
    PORTAL.server.token(zoe.value(), zoe.value(), Role.AUDITOR, acme);
    assertThat(PORTAL.server.get(zoe.value(), "/v1/tenants/acme").status()).isEqualTo(200);
    assertThat(people().remove(acme, zoe)).isTrue();
    assertThat(isIn(browser)).isFalse();
    PORTAL.server.pass(Duration.ofSeconds(1));
    assertThat(PORTAL.server.get(zoe.value(), "/v1/tenants/acme").status()).isEqualTo(401);
    assertThat(people().remove(acme, zoe)).as("once").isFalse();
    assertThat(people().at(address)).isEmpty();
  }

  @Test
  void whoIsAddedAgainHasTheirNewRoleAndNoVisitOfBefore() {
    add(Role.APPROVER);
    var before = PORTAL.browser().as(address.value());
    people().remove(acme, zoe);
    add(Role.AUDITOR);
    assertThat(isIn(before)).isFalse();
    assertThat(people().at(address))
        .singleElement()
        .satisfies(person -> assertThat(person.roles()).containsExactly(Role.AUDITOR));
  }

  @Test
  void anIdOrAnAddressIsGivenOnce() {
    add(Role.APPROVER);
    assertThatThrownBy(() -> add(Role.AUDITOR)).isInstanceOf(Problem.class);
    var other = new MailAddress("other-" + address.value());
    people().remove(acme, zoe);
    assertThatThrownBy(
            () -> people().add(new People.NewPerson(acme, zoe, other, "Z", Set.of(Role.AUDITOR))))
        .as("somebody else with the id of who left")
        .isInstanceOf(Problem.class);
  }

  @Test
  void anotherTenantsPeopleAndTheProvidersAreNotReached() {
    add(Role.APPROVER);
    assertThat(people().remove(Optional.of(PORTAL.globex.id), zoe)).isFalse();
    assertThat(people().remove(Optional.empty(), zoe)).isFalse();
    assertThat(people().change(Optional.empty(), zoe, Set.of(Role.OPERATOR))).isFalse();
    assertThat(people().at(address)).hasSize(1);
  }

  @Test
  void rolesStayOnTheirSide() {
    add(Role.APPROVER);
    assertThat(people().change(acme, zoe, Set.of(Role.AUDITOR, Role.POLICY_ADMIN))).isTrue();
    assertThatThrownBy(() -> people().change(acme, zoe, Set.of(Role.OPERATOR)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> people().change(acme, zoe, Set.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> people().change(Optional.empty(), new SubjectId("olga"), Set.of(Role.APPROVER)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
