package org.openlockbox.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.statement.Revocation;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;

/// A tenant's approver can deny while a request is pending and revoke while access is in force,
/// whatever else is true: one row for each reason that could stand in the way.
final class VetoTest {
  private static final TestServer SERVER = new TestServer();
  private static int tenants;

  /// What is true of ann, who says no, or of the request.
  enum Obstacle {
    NONE(1, ""),
    NAMED_LIKE_THE_ENGINEER(1, ""),
    HER_KEY_IS_NAMED_AS_THE_ENGINEERS(1, ""),
    ANOTHER_GROUP_IS_ASKED(
        1,
        """
        {"rules":[{"id":"bob","says":"Bob.","ask":{"approvers":"others"}}],
         "groups":{"others":["%1$s-bob"]}}
        """),
    SHE_IS_AWAY(
        1,
        """
        {"rules":[{"id":"ann","says":"Ann.","ask":{"approvers":"us"}}],"groups":{"us":["%1$s-ann"]},
         "absences":[{"of":"%1$s-ann","standIn":"%1$s-bob","notBefore":"2020-01-01T00:00:00Z",
                      "notAfter":"2099-01-01T00:00:00Z"}]}
        """),
    SHE_HAS_APPROVED(2, ""),
    ANOTHER_HAS_APPROVED(2, "");

    private final int quorum;
    private final String policy;

    Obstacle(int quorum, String policy) {
      this.quorum = quorum;
      this.policy = policy;
    }
  }

  @AfterAll
  static void close() {
    SERVER.close();
  }

  private final String name = "veto" + ++tenants;

  private TestTenant tenant(Obstacle obstacle) {
    var tenant = new TestTenant(SERVER, name, obstacle.quorum);
    SERVER.token(name + "-bob", name + "-bob", Role.APPROVER, Optional.of(tenant.id));
    SERVER.token("impostor", name + "-ann", Role.ENGINEER, Optional.empty());
    if (!obstacle.policy.isEmpty()) {
      var text = obstacle.policy.formatted(name).getBytes(StandardCharsets.UTF_8);
      tenant.change(new Edit.ReplacePolicy(Policy.parse(Json.read(text))));
    }
    return tenant;
  }

  private static Answer ask(TestTenant tenant, Obstacle obstacle) {
    var key =
        obstacle == Obstacle.HER_KEY_IS_NAMED_AS_THE_ENGINEERS ? tenant.key : tenant.engineerKey;
    var who = obstacle == Obstacle.NAMED_LIKE_THE_ENGINEER ? "impostor" : "engineer";
    var wish = tenant.wishing("helpdesk", key).build();
    var asked = SERVER.post(who, tenant.requests(), wish);
    assertThat(asked.status()).as(asked.toString()).isEqualTo(201);
    return asked;
  }

  private static Answer approve(TestTenant tenant, Answer asked, String who, SoftwareKey key) {
    var all = tenant.allowance(Level.MASKED, Duration.ofMinutes(30));
    var yes = tenant.decision(TestTenant.ref(asked), who, Optional.of(all)).signedBy(key);
    var done =
        SERVER.post(
            who.endsWith("-ann") ? tenant.approver() : who,
            tenant.requests() + "/" + TestTenant.ref(asked).id() + ":approve",
            TestTenant.envelope(yes),
            Map.of(
                "If-Match",
                SERVER
                    .get(tenant.approver(), tenant.requests() + "/" + TestTenant.ref(asked).id())
                    .etag()));
    assertThat(done.status()).as(done.toString()).isEqualTo(200);
    return done;
  }

  @ParameterizedTest
  @EnumSource
  void anApproverCanAlwaysDeny(Obstacle obstacle) {
    var tenant = tenant(obstacle);
    var asked = ask(tenant, obstacle);
    switch (obstacle) {
      case SHE_HAS_APPROVED -> approve(tenant, asked, name + "-ann", tenant.key);
      case ANOTHER_HAS_APPROVED -> approve(tenant, asked, name + "-bob", tenant.second);
      case NONE,
          NAMED_LIKE_THE_ENGINEER,
          HER_KEY_IS_NAMED_AS_THE_ENGINEERS,
          ANOTHER_GROUP_IS_ASKED,
          SHE_IS_AWAY -> {}
    }
    var no =
        tenant
            .decision(TestTenant.ref(asked), name + "-ann", Optional.empty())
            .signedBy(tenant.key);
    var denied = tenant.step(tenant.approver(), asked, ":deny", TestTenant.envelope(no));
    assertThat(denied.status()).as(denied.toString()).isEqualTo(200);
    assertThat(denied.json().text("state")).isEqualTo("denied");
    tenant.verifiedLog();
  }

  @ParameterizedTest
  @EnumSource
  void anApproverCanAlwaysRevoke(Obstacle obstacle) {
    var tenant = tenant(obstacle);
    for (boolean signed : new boolean[] {true, false}) {
      var asked = ask(tenant, obstacle);
      approve(tenant, asked, name + "-bob", tenant.second);
      if (obstacle.quorum == 2) {
        approve(tenant, asked, name + "-ann", tenant.key);
      }
      var revocation =
          new Revocation(
              tenant.id,
              tenant.origin,
              TestTenant.ref(asked),
              new SubjectId(name + "-ann"),
              "",
              Nonce.random(TestTenant.RANDOM));
      var body =
          signed
              ? TestTenant.envelope(revocation.unsigned().signedBy(tenant.key))
              : Json.object().build();
      var revoked = tenant.step(tenant.approver(), asked, ":revoke", body);
      assertThat(revoked.status()).as(revoked.toString()).isEqualTo(200);
      assertThat(revoked.json().text("state")).isEqualTo("revoked");
    }
    tenant.verifiedLog();
  }

  @Test
  void aDenialNeedsNoTagAndNoReview() {
    var tenant = tenant(Obstacle.NONE);
    var asked = tenant.ask("billing");
    var no =
        tenant
            .decision(TestTenant.ref(asked), name + "-ann", Optional.empty())
            .signedBy(tenant.key);
    var path = tenant.requests() + "/" + TestTenant.ref(asked).id() + ":deny";
    var denied = SERVER.post(tenant.approver(), path, TestTenant.envelope(no));
    assertThat(denied.status()).as(denied.toString()).isEqualTo(200);
  }
}
