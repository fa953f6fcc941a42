package org.openlockbox.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;

/// The certification scenario of the AuthZEN working group for the Authorization API 1.0, each of
/// its tests under the number that it has there (openid/authzen,
/// certification/authorization-api-1_0-scenario.md).
///
/// The fixture's policy is what customers have signed: alice may write at acme, whose record is
/// `record-1`; bob may read there; at globex, whose record is `record-2`, alice may read and bob
/// may write.
class AuthzenScenarioTest {
  private static final String EVALUATION = "/access/v1/evaluation";
  private static final String EVALUATIONS = "/access/v1/evaluations";
  private static final String SUBJECTS = "/access/v1/search/subject";
  private static final String RESOURCES = "/access/v1/search/resource";
  private static final String ACTIONS = "/access/v1/search/action";

  private static final String ALICE = "\"subject\":{\"type\":\"user\",\"id\":\"alice\"}";
  private static final String BOB = "\"subject\":{\"type\":\"user\",\"id\":\"bob\"}";
  private static final String ADMIN =
      "\"subject\":{\"type\":\"user\",\"id\":\"bob\",\"properties\":{\"role\":\"admin\"}}";
  private static final String READ = "\"action\":{\"name\":\"read\"}";
  private static final String WRITE = "\"action\":{\"name\":\"write\"}";
  private static final String ONE = "\"resource\":{\"type\":\"record\",\"id\":\"record-1\"}";
  private static final String TWO = "\"resource\":{\"type\":\"record\",\"id\":\"record-2\"}";
  private static final String ACTIVE =
      "\"resource\":{\"type\":\"record\",\"id\":\"record-1\",\"properties\":{\"status\":\"active\"}}";
  private static final String ARCHIVED =
      "\"resource\":{\"type\":\"record\",\"id\":\"record-2\",\"properties\":{\"status\":\"archived\"}}";
  private static final String CONTEXT =
      "\"context\":{\"time\":\"2025-06-27T18:03-07:00\",\"ip\":\"192.168.1.1\"}";
  private static final String USERS = "\"subject\":{\"type\":\"user\"}";
  private static final String RECORDS = "\"resource\":{\"type\":\"record\"}";

  private static CheckFixture checks;

  @BeforeAll
  static void start() throws IOException {
    checks = new CheckFixture();
    checks.letIn(checks.acme, "alice", Level.WRITE);
    checks.letIn(checks.acme, "bob", Level.READ);
    checks.letIn(checks.globex, "alice", Level.READ);
    checks.letIn(checks.globex, "bob", Level.WRITE);
  }

  @AfterAll
  static void stop() {
    checks.close();
  }

  private static String body(String... members) {
    return "{" + String.join(",", members) + "}";
  }

  private static Fields ok(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    return Fields.of(Json.read(answer.body().getBytes(UTF_8)), "answer");
  }

  private static boolean decision(String... members) throws Exception {
    return ok(checks.post(EVALUATION, body(members))).flag("decision");
  }

  private static List<Boolean> decisions(String... members) throws Exception {
    return ok(checks.post(EVALUATIONS, body(members))).objects("evaluations").stream()
        .map(each -> each.flag("decision"))
        .toList();
  }

  private static List<String> found(String path, String... members) throws Exception {
    return ok(checks.post(path, body(members))).objects("results").stream()
        .map(
            each ->
                path.equals(ACTIONS)
                    ? each.text("name")
                    : each.text("type") + "/" + each.text("id"))
        .toList();
  }

  private static void assertBad(String path, String... members) throws Exception {
    HttpResponse<String> answer = checks.post(path, body(members));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).isNotBlank();
  }

  @Test
  @DisplayName("c-2-2-1 Fixture request, permit decision")
  void permitDecision() throws Exception {
    assertThat(decision(ALICE, READ, ONE)).isTrue();
  }

  @Test
  @DisplayName("c-2-2-2 Fixture request, deny decision")
  void denyDecision() throws Exception {
    assertThat(decision(BOB, WRITE, ONE)).isFalse();
  }

  @Test
  @DisplayName("c-1-4 The decisions that the fixture mandates without properties")
  void mandatedDecisions() throws Exception {
    assertThat(decision(ALICE, WRITE, ONE)).isTrue();
    assertThat(decision(BOB, READ, ONE)).isTrue();
  }

  @Test
  @DisplayName("c-2-2-3 Request with optional context")
  void optionalContext() throws Exception {
    assertThat(decision(ALICE, READ, ONE, CONTEXT)).isTrue();
  }

  @Test
  @DisplayName("c-2-2-4 Fixture request, deny based on properties")
  void denyByResourceProperties() throws Exception {
    assertThat(decision(ALICE, WRITE, ARCHIVED)).isFalse();
  }

  @Test
  @DisplayName("c-2-2-5 Fixture request, permit based on subject properties")
  void permitBySubjectProperties() throws Exception {
    assertThat(decision(ADMIN, WRITE, ARCHIVED)).isTrue();
  }

  @Test
  @DisplayName("c-2-2-6 Fixture request, permit based on action properties")
  void permitByActionProperties() throws Exception {
    String soft = "\"action\":{\"name\":\"delete\",\"properties\":{\"soft\":true}}";
    assertThat(decision(ALICE, soft, ONE)).isTrue();
  }

  @Test
  @DisplayName("c-2-2-7 Fixture request, deny based on action properties")
  void denyByActionProperties() throws Exception {
    String hard = "\"action\":{\"name\":\"delete\",\"properties\":{\"soft\":false}}";
    assertThat(decision(ALICE, hard, ONE)).isFalse();
  }

  @Test
  @DisplayName("c-2-2-8 Request with additional properties")
  void additionalProperties() throws Exception {
    assertThat(
            decision(
                "\"subject\":{\"type\":\"user\",\"id\":\"alice\",\"properties\":{\"department\":\"Sales\",\"role\":\"manager\"}}",
                "\"action\":{\"name\":\"read\",\"properties\":{\"method\":\"GET\"}}",
                "\"resource\":{\"type\":\"record\",\"id\":\"record-1\",\"properties\":{\"status\":\"active\",\"owner\":\"bob\"}}"))
        .isTrue();
  }

  @Test
  @DisplayName("c-2-2-9 Request with unknown fields")
  void unknownFields() throws Exception {
    assertThat(decision(ALICE, READ, ONE, "\"foo\":\"bar\"", "\"futureField\":{\"nested\":true}"))
        .isTrue();
  }

  @Test
  @DisplayName("c-2-3 Response format")
  void responseFormat() throws Exception {
    Fields yes = ok(checks.post(EVALUATION, body(ALICE, READ, ONE)));
    assertThat(yes.flag("decision")).isTrue();
    assertThat(yes.object("context").has("lease")).isTrue();
    Fields no = ok(checks.post(EVALUATION, body(BOB, WRITE, ONE)));
    assertThat(no.flag("decision")).isFalse();
    assertThat(no.object("context").has("reason")).isTrue();
  }

  @Test
  @DisplayName("c-2-4 Error handling")
  void errors() throws Exception {
    assertBad(EVALUATION, READ, ONE);
    assertBad(EVALUATION, ALICE, ONE);
    assertBad(EVALUATION, ALICE, READ);
    assertBad(EVALUATION, "\"subject\":{\"id\":\"alice\"}", READ, ONE);
    assertBad(EVALUATION, USERS, READ, ONE);
    assertBad(EVALUATION, ALICE, "\"action\":{}", ONE);
    assertBad(EVALUATION, ALICE, READ, "\"resource\":{\"id\":\"record-1\"}");
    assertBad(EVALUATION, ALICE, READ, RECORDS);
    assertBad(EVALUATION, "\"subject\":\"alice\"", READ, ONE);
    assertBad(EVALUATION, ALICE, "\"action\":{\"name\":123}", ONE);
    for (String each : List.of("", "{", "nonsense", "{\"subject\":")) {
      assertThat(checks.post(EVALUATION, each).statusCode()).as(each).isEqualTo(400);
    }
    HttpRequest text =
        checks
            .asking(EVALUATION, body(ALICE, READ, ONE))
            .setHeader("Content-Type", "text/plain")
            .build();
    assertThat(checks.send(text).statusCode()).isEqualTo(400);
  }

  @Test
  @DisplayName("c-2-5 Header handling")
  void headers() throws Exception {
    HttpRequest named =
        checks.asking(EVALUATION, body(ALICE, READ, ONE)).header("X-Request-ID", "r-17").build();
    assertThat(checks.send(named).headers().firstValue("X-Request-ID"))
        .isEqualTo(Optional.of("r-17"));
    assertThat(decision(ALICE, READ, ONE)).isTrue();
  }

  @Test
  @DisplayName("c-2-6 Idempotency")
  void idempotency() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(decision(ALICE, READ, ONE)).isTrue();
      assertThat(decision(BOB, WRITE, ONE)).isFalse();
    }
  }

  private static String items(String... items) {
    return "\"evaluations\":[" + String.join(",", items) + "]";
  }

  @Test
  @DisplayName("c-3-2-1 Batch request with evaluations array")
  void batch() throws Exception {
    assertThat(decisions(ALICE, READ, items(body(ONE), body(TWO)))).hasSize(2);
  }

  @Test
  @DisplayName("c-3-2-2 Batch with fixture decisions validated")
  void batchDecisions() throws Exception {
    assertThat(decisions(BOB, ONE, items(body(READ), body(WRITE)))).containsExactly(true, false);
  }

  @Test
  @DisplayName("c-3-2-3 Batch with properties validated")
  void batchProperties() throws Exception {
    assertThat(decisions(ALICE, WRITE, items(body(ACTIVE), body(ARCHIVED))))
        .containsExactly(true, false);
  }

  @Test
  @DisplayName("c-3-2-4 Batch with subject properties validated")
  void batchSubjectProperties() throws Exception {
    assertThat(decisions(WRITE, ARCHIVED, items(body(ALICE), body(ADMIN))))
        .containsExactly(false, true);
  }

  @Test
  @DisplayName("c-3-2-5 Batch with fully specified evaluations")
  void batchWithoutDefaults() throws Exception {
    assertThat(decisions(items(body(ALICE, READ, ONE), body(BOB, WRITE, ONE))))
        .containsExactly(true, false);
  }

  @Test
  @DisplayName("c-3-2-6 Batch with context inheritance")
  void batchContext() throws Exception {
    String own = "\"context\":{\"time\":\"2025-06-27T19:00-07:00\",\"source\":\"batch-override\"}";
    assertThat(decisions(ALICE, READ, CONTEXT, items(body(ONE), body(TWO, own)))).hasSize(2);
  }

  @Test
  @DisplayName("c-3-2-7 Batch with top-level default inheritance")
  void batchDefaults() throws Exception {
    assertThat(decisions(ALICE, WRITE, ACTIVE, items("{}", body(ARCHIVED))))
        .containsExactly(true, false);
  }

  @Test
  @DisplayName("c-3-3 Batch response format")
  void batchFormat() throws Exception {
    Fields answer = ok(checks.post(EVALUATIONS, body(BOB, ONE, items(body(WRITE), body(READ)))));
    assertThat(answer.has("decision")).isFalse();
    assertThat(answer.objects("evaluations").stream().map(each -> each.flag("decision")))
        .containsExactly(false, true);
  }

  @Test
  @DisplayName("c-3-4 Batch error handling")
  void batchErrors() throws Exception {
    String all = "\"options\":{\"evaluations_semantic\":\"execute_all\"}";
    assertThat(decisions(ALICE, READ, all, items(body(ONE), "{}"))).containsExactly(true, false);
    assertThat(ok(checks.post(EVALUATIONS, body(ALICE, READ, ONE))).flag("decision")).isTrue();
    assertThat(ok(checks.post(EVALUATIONS, body(ALICE, READ, ONE, items()))).flag("decision"))
        .isTrue();
  }

  @Test
  @DisplayName("c-4-2-1 Valid subject search request with non-empty results")
  void subjects() throws Exception {
    assertThat(found(SUBJECTS, USERS, READ, ONE)).contains("user/alice", "user/bob");
  }

  @Test
  @DisplayName("c-4-2-2 Subject search with context")
  void subjectsWithContext() throws Exception {
    assertThat(found(SUBJECTS, USERS, READ, ONE, CONTEXT)).contains("user/alice", "user/bob");
  }

  @Test
  @DisplayName("c-4-2-3 Subject search with subject id present")
  void subjectsWithId() throws Exception {
    assertThat(found(SUBJECTS, ALICE, READ, ONE)).contains("user/alice", "user/bob");
  }

  @Test
  @DisplayName("c-4-2-4 Subject search with resource properties")
  void subjectsByProperties() throws Exception {
    assertThat(found(SUBJECTS, USERS, WRITE, ARCHIVED)).contains("user/bob");
  }

  @Test
  @DisplayName("c-4-3-1 Valid resource search request with non-empty results")
  void resources() throws Exception {
    assertThat(found(RESOURCES, ALICE, READ, RECORDS)).contains("record/record-1");
  }

  @Test
  @DisplayName("c-4-3-2 Resource search with context")
  void resourcesWithContext() throws Exception {
    assertThat(found(RESOURCES, ALICE, READ, RECORDS, CONTEXT)).contains("record/record-1");
  }

  @Test
  @DisplayName("c-4-3-3 Resource search with resource id present")
  void resourcesWithId() throws Exception {
    assertThat(found(RESOURCES, ALICE, READ, ONE))
        .isEqualTo(found(RESOURCES, ALICE, READ, RECORDS));
  }

  @Test
  @DisplayName("c-4-3-4 Resource search with subject properties")
  void resourcesByProperties() throws Exception {
    assertThat(found(RESOURCES, ADMIN, WRITE, RECORDS)).contains("record/record-2");
  }

  @Test
  @DisplayName("c-4-4-1 Valid action search request with non-empty results")
  void actions() throws Exception {
    assertThat(found(ACTIONS, ALICE, ONE)).contains("read", "write");
  }

  @Test
  @DisplayName("c-4-4-2 Action search with context")
  void actionsWithContext() throws Exception {
    assertThat(found(ACTIONS, ALICE, ONE, CONTEXT)).contains("read", "write");
  }

  @Test
  @DisplayName("c-4-4-3 Action search with properties")
  void actionsByProperties() throws Exception {
    assertThat(found(ACTIONS, ADMIN, ARCHIVED)).contains("write");
  }

  @Test
  @DisplayName("c-4-5 Pagination: all results come at once")
  void pagination() throws Exception {
    for (String page : List.of("{\"limit\":1}", "{\"token\":\"any\"}")) {
      Fields answer = ok(checks.post(SUBJECTS, body(USERS, READ, ONE, "\"page\":" + page)));
      assertThat(answer.objects("results")).hasSize(2);
      assertThat(answer.has("page")).isFalse();
    }
  }

  @Test
  @DisplayName("c-4-6 Empty results")
  void emptyResults() throws Exception {
    String nobody = "\"subject\":{\"type\":\"user\",\"id\":\"nonexistent-user\"}";
    String ship = "\"subject\":{\"type\":\"spaceship\"}";
    String unknown = "\"resource\":{\"type\":\"planet\",\"id\":\"mars\"}";
    assertThat(found(ACTIONS, nobody, ONE)).isEmpty();
    assertThat(found(ACTIONS, ALICE, unknown)).isEmpty();
    assertThat(found(SUBJECTS, ship, READ, ONE)).isEmpty();
    assertThat(found(SUBJECTS, USERS, READ, unknown)).isEmpty();
    assertThat(found(RESOURCES, nobody, READ, RECORDS)).isEmpty();
    assertThat(found(RESOURCES, ALICE, READ, "\"resource\":{\"type\":\"planet\"}")).isEmpty();
  }

  @Test
  @DisplayName("c-4-7 Search error handling")
  void searchErrors() throws Exception {
    assertBad(SUBJECTS, USERS, ONE);
    assertBad(RESOURCES, READ, RECORDS);
    assertBad(ACTIONS, ALICE);
    assertBad(SUBJECTS, USERS, READ, RECORDS);
    assertBad(RESOURCES, USERS, READ, RECORDS);
    assertBad(ACTIONS, USERS, ONE);
  }

  @Test
  @DisplayName("c-6 Discovery")
  void discovery() throws Exception {
    HttpRequest unnamed =
        HttpRequest.newBuilder(checks.at("/.well-known/authzen-configuration")).build();
    Fields metadata = ok(checks.send(unnamed));
    assertThat(metadata.text("policy_decision_point")).isEqualTo("https://checks.example.com");
    for (String each :
        List.of(
            "access_evaluation_endpoint",
            "access_evaluations_endpoint",
            "search_subject_endpoint",
            "search_resource_endpoint",
            "search_action_endpoint")) {
      URI endpoint = URI.create(metadata.text(each));
      assertThat(endpoint.getScheme()).isEqualTo("https");
      assertThat(checks.post(endpoint.getPath(), "").statusCode()).as(each).isEqualTo(400);
    }
  }
}
