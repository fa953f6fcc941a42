package org.openlockbox.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.subject.Engineer.EngineerKind;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.problem.Problem;

/// Who asks is what the provider's directory says of them, and nothing that they say themselves.
final class ProviderDirectoryTest {
  private static final TestServer SERVER = new TestServer();
  private static final String IRISH =
      """
      {"rules":[{"id":"irish","says":"People in Ireland.","approve":{},
                 "match":{"requester":{"kinds":["human"],"countries":["IE"]}}}]}
      """;
  private static int tenants;

  private final TestTenant acme = new TestTenant(SERVER, "known" + ++tenants, 1);
  private final String subject = "eve" + tenants;
  private final ProviderDirectory directory = SERVER.server(0).directory();

  @BeforeEach
  void irishPeopleAreApproved() {
    var policy = Policy.parse(Json.read(IRISH.getBytes(StandardCharsets.UTF_8)));
    acme.change(new Edit.ReplacePolicy(policy));
    SERVER.token(subject, subject, Role.ENGINEER, Optional.empty());
  }

  @AfterAll
  static void close() {
    SERVER.close();
  }

  private Answer ask() {
    return ask(subject, acme.engineerKey);
  }

  private Answer ask(String who, SoftwareKey key) {
    return SERVER.post(who, acme.requests(), acme.wishing("helpdesk", key).build());
  }

  private void assertRefused(String code) {
    var refused = ask();
    assertThat(refused.status()).as(refused.toString()).isEqualTo(422);
    assertThat(refused.code()).isEqualTo(code);
  }

  private static ProviderDirectory.DirectoryChange facts(
      String country, EngineerKind kind, String responsible) {
    return new ProviderDirectory.DirectoryChange(
        Optional.empty(),
        Optional.of(country),
        Optional.of("Vendor"),
        Optional.of(kind),
        Optional.of(responsible).filter(id -> !id.isEmpty()).map(SubjectId::new));
  }

  private static void add(String subject) {
    SERVER
        .server(0)
        .people()
        .add(
            new People.NewPerson(
                Optional.empty(),
                new SubjectId(subject),
                new MailAddress(subject + "@vendor.example"),
                subject,
                Set.of(Role.ENGINEER, Role.REVIEWER)));
  }

  private void known(String id, ProviderDirectory.DirectoryChange facts) {
    add(id);
    directory.set(new SubjectId(id), facts);
  }

  @Test
  void aRequestThatSaysWhoAsksIsRefused() {
    for (var member : new String[] {"country", "employer", "kind", "responsible", "name"}) {
      var said = Json.object().put(member, "IE").build();
      var wish = acme.wishing("helpdesk").put("engineer", said).build();
      var refused = SERVER.post(subject, acme.requests(), wish);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.json().text("detail")).contains("your provider's directory");
    }
  }

  @Test
  void whatIsNotKnownIsNeverApprovedByAPolicy() {
    var asked = ask();
    assertThat(asked.json().text("state")).isEqualTo("pending");
    assertThat(asked.json().object("engineer").has("country")).isFalse();
    known(subject, facts("DE", EngineerKind.HUMAN, ""));
    assertThat(ask().json().text("state")).isEqualTo("pending");
    acme.verifiedLog();
  }

  @Test
  void whatTheDirectorySaysIsInTheEntryWithItsSource() {
    known(subject, facts("IE", EngineerKind.HUMAN, ""));
    var asked = ask().json();
    assertThat(asked.text("state")).isEqualTo("approved");
    var sources = asked.object("engineer").object("sources");
    for (var fact : new String[] {"country", "employer", "kind", "name"}) {
      assertThat(sources.text(fact)).isEqualTo("directory");
    }
    acme.verifiedLog();
  }

  @Test
  void anAgentAsksAsAnAgentWithItsOwnKeyAlone() {
    known("rob" + subject, facts("IE", EngineerKind.HUMAN, ""));
    known(subject, facts("IE", EngineerKind.AGENT, "rob" + subject));
    assertRefused("key_not_registered");
    directory.register(new SubjectId(subject), acme.engineerKey.key());
    var asked = ask().json();
    assertThat(asked.text("state")).isEqualTo("pending");
    assertThat(asked.object("engineer").text("kind")).isEqualTo("agent");
    assertThat(asked.object("engineer").text("responsible")).isEqualTo("rob" + subject);
    SERVER.token("rob" + subject, "rob" + subject, Role.ENGINEER, Optional.empty());
    for (var other : new String[] {"rob" + subject, "engineer"}) {
      var refused = ask(other, acme.engineerKey);
      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.json().text("code")).isEqualTo("key_of_another");
    }
  }

  @Test
  void whoHasRegisteredKeysAsksWithNoOther() {
    known(subject, facts("IE", EngineerKind.HUMAN, ""));
    var own = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
    directory.register(new SubjectId(subject), own.key());
    assertRefused("key_not_registered");
    assertThat(ask(subject, own).status()).isEqualTo(201);
    assertThat(directory.forget(new SubjectId(subject), own.key().keyId())).isTrue();
    assertThat(ask().status()).isEqualTo(201);
  }

  @Test
  void onlyAnotherHumanOfTheProviderAnswersForAnAgent() {
    known("rob" + subject, facts("IE", EngineerKind.HUMAN, ""));
    known("bot" + subject, facts("IE", EngineerKind.AGENT, "rob" + subject));
    add(subject);
    for (var nobody : new String[] {"", subject, "bot" + subject, acme.id + "-ann"}) {
      assertThatThrownBy(
              () -> directory.set(new SubjectId(subject), facts("IE", EngineerKind.AGENT, nobody)))
          .isInstanceOf(Problem.class);
    }
    directory.set(new SubjectId(subject), facts("IE", EngineerKind.AGENT, "rob" + subject));
    directory.register(new SubjectId(subject), acme.engineerKey.key());
    assertThat(ask().status()).isEqualTo(201);
    SERVER.server(0).people().remove(Optional.empty(), new SubjectId("rob" + subject));
    assertRefused("responsible_missing");
  }

  @Test
  void anAgentIsNoSecondPerson() {
    known("rob" + subject, facts("IE", EngineerKind.HUMAN, ""));
    known("bot" + subject, facts("IE", EngineerKind.AGENT, "rob" + subject));
    SERVER.token("bot", "bot" + subject, Role.REVIEWER, Optional.empty());
    var asked = acme.ask("billing");
    var path = "/v1/requests/" + TestTenant.ref(asked).id() + ":review";
    var review = Json.object().put("verdict", "approve").build();
    var refused = SERVER.post("bot", path, review, Map.of());
    assertThat(refused.status()).isEqualTo(422);
    assertThat(SERVER.post("reviewer", path, review, Map.of()).status()).isEqualTo(200);
  }
}
