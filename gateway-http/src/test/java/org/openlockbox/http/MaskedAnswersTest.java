package org.openlockbox.http;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.http.TicketService.SaidAnswer;
import org.openlockbox.http.catalogue.AnswerForm;
import org.openlockbox.http.catalogue.AnswerRule;
import org.openlockbox.http.catalogue.HttpRoute;
import org.openlockbox.http.catalogue.Method;
import org.openlockbox.http.catalogue.PathTemplate;
import org.openlockbox.http.catalogue.RequestRule;
import org.openlockbox.http.catalogue.RouteName;
import org.openlockbox.http.json.FieldMask;
import org.openlockbox.http.json.FieldRules;
import org.openlockbox.http.json.JsonPath;

/// At the level masked an engineer sees of an answer what the catalogue lists, and at each level
/// only what says that it is of the customer.
class MaskedAnswersTest {
  /// Stands wherever nothing may come from.
  private static final String CANARY = "canary-7c1f";

  private static final FieldRules FIELDS =
      FieldRules.of(
          Map.of(
              JsonPath.parse("items.*.id"), FieldMask.SHOW,
              JsonPath.parse("items.*.email"), FieldMask.EMAIL));
  private static final List<JsonPath> NOWHERE = List.of();
  private static final List<JsonPath> ITEMS = List.of(JsonPath.parse("items.*.tenant"));

  private HttpFixture http;

  @BeforeEach
  void start() throws IOException {
    http = new HttpFixture();
    http.levels = Set.of(Level.MASKED, Level.READ);
    http.routes =
        List.of(
            route("said", "/t/{tenant}/said", Level.MASKED, NOWHERE, AnswerForm.DOCUMENT),
            route("lines", "/t/{tenant}/lines/said", Level.MASKED, NOWHERE, AnswerForm.LINES),
            route("own", "/t/{tenant}/own/said", Level.MASKED, ITEMS, AnswerForm.DOCUMENT),
            new HttpRoute(
                new RouteName("own.whole"),
                Method.GET,
                PathTemplate.parse("/t/{tenant}/whole/said"),
                Level.READ,
                RequestRule.ofQuery(Set.of()),
                Optional.empty(),
                new AnswerRule(FieldRules.of(Map.of()), ITEMS, AnswerForm.DOCUMENT)));
    http.reload();
  }

  private static HttpRoute route(
      String name, String path, Level level, List<JsonPath> tenant, AnswerForm form) {
    return new HttpRoute(
        new RouteName(name),
        Method.GET,
        PathTemplate.parse(path),
        level,
        RequestRule.ofQuery(Set.of()),
        Optional.empty(),
        new AnswerRule(FIELDS, tenant, form));
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private String token(Level level) {
    return http.token(http.approved(level));
  }

  private static SaidAnswer items(String items) {
    return SaidAnswer.ok("application/json; charset=utf-8", "{\"items\":[" + items + "]}");
  }

  private static String item(int id, String tenant) {
    return "{\"id\":%d,\"email\":\"%s@acme.org\",\"tenant\":\"%s\",\"note\":\"%s\"}"
        .formatted(id, CANARY, tenant, CANARY);
  }

  @Test
  void theSameAnswerIsMaskedAtMaskedAndWholeAtRead() throws Exception {
    http.service.said = items(item(1, "acme"));
    HttpResponse<String> masked = http.get(token(Level.MASKED), "/t/acme/said");
    assertThat(masked.body()).isEqualTo("{\"items\":[{\"id\":1,\"email\":\"c***@***\"}]}");
    assertThat(masked.headers().firstValue("content-type")).contains("application/json");
    http.client = http.freshClient();
    HttpResponse<String> whole = http.get(token(Level.READ), "/t/acme/said");
    assertThat(whole.body()).isEqualTo("{\"items\":[" + item(1, "acme") + "]}");
    Await.until(() -> outcomes().size() == 2);
    assertThat(outcomes().getFirst().bytes()).isEqualTo(masked.body().length());
  }

  private List<SessionEvent.Outcome> outcomes() {
    return http.controlPlane.events().stream()
        .filter(SessionEvent.Outcome.class::isInstance)
        .map(SessionEvent.Outcome.class::cast)
        .toList();
  }

  /// Each with its reason, and with nothing of what it holds.
  @Test
  void whatIsNotPlainJsonDoesNotPassAtMasked() throws Exception {
    String token = token(Level.MASKED);
    String json = "{\"items\":[" + item(1, "acme") + "]}";
    List<SaidAnswer> odd = new ArrayList<>();
    odd.add(SaidAnswer.ok("text/html", "<p>" + CANARY + "</p>"));
    odd.add(SaidAnswer.ok("text/csv", "id,email\n1," + CANARY));
    odd.add(SaidAnswer.ok("application/json", "id,email\n1," + CANARY));
    odd.add(SaidAnswer.ok("text/plain", json));
    odd.add(SaidAnswer.ok("application/x-ndjson", json));
    odd.add(SaidAnswer.ok("application/json", "{\"a\":\"" + CANARY + "\",\"a\":1}"));
    odd.add(SaidAnswer.ok("application/json", json + json));
    odd.add(SaidAnswer.ok("application/json", json.substring(0, json.length() - 1)));
    odd.add(new SaidAnswer(200, "application/json", Map.of(), Bytes.of(json.getBytes(UTF_16))));
    odd.add(new SaidAnswer(200, "application/json", Map.of(), gzipped(json)));
    odd.add(
        new SaidAnswer(200, "application/json", Map.of("Content-Encoding", "gzip"), gzipped(json)));
    for (SaidAnswer each : odd) {
      http.service.said = each;
      HttpResponse<String> answer = http.get(token, "/t/acme/said");
      assertThat(answer.statusCode()).as(each.toString()).isEqualTo(502);
      assertThat(answer.body()).contains("\"code\":\"upstream\"").doesNotContain(CANARY);
      assertThat(answer.headers().map().toString()).doesNotContain(CANARY);
    }
  }

  private static Bytes gzipped(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return Bytes.of(bytes.toByteArray());
  }

  @Test
  void theWordsOfAnErrorDoNotPassAtMasked() throws Exception {
    http.service.said =
        new SaidAnswer(
            404,
            "application/problem+json",
            Map.of("X-Detail", CANARY, "Content-Disposition", CANARY, "Retry-After", "5"),
            Bytes.ofUtf8("{\"title\":\"no " + CANARY + "\",\"items\":[]}"));
    HttpResponse<String> masked = http.get(token(Level.MASKED), "/t/acme/said");
    assertThat(masked.statusCode()).isEqualTo(404);
    assertThat(masked.body()).contains("\"code\":\"service\"").doesNotContain(CANARY);
    assertThat(masked.headers().map().toString()).doesNotContain(CANARY);
    http.client = http.freshClient();
    HttpResponse<String> whole = http.get(token(Level.READ), "/t/acme/said");
    assertThat(whole.statusCode()).isEqualTo(404);
    assertThat(whole.body()).contains(CANARY);
  }

  /// It has begun, so that nobody can be told; it is no whole answer either.
  @Test
  void anAnswerThatBreaksOffLaterIsCut() throws Exception {
    String many = (item(1, "acme") + ",").repeat(2_000);
    http.service.said = SaidAnswer.ok("application/json", "{\"items\":[" + many + "{\"id\":NaN}]}");
    String token = token(Level.MASKED);
    assertThatThrownBy(() -> http.get(token, "/t/acme/said")).isInstanceOf(IOException.class);
    Await.until(() -> outcomes().size() == 1);
    assertThat(outcomes().getFirst().bytes()).isPositive();
  }

  @Test
  void linesPassWhereTheRouteSaysSo() throws Exception {
    String token = token(Level.MASKED);
    http.service.said =
        SaidAnswer.ok(
            "application/x-ndjson",
            "{\"items\":[" + item(1, "a") + "]}\n{\"items\":[],\"x\":\"" + CANARY + "\"}\n");
    HttpResponse<String> lines = http.get(token, "/t/acme/lines/said");
    assertThat(lines.statusCode()).as(lines.body()).isEqualTo(200);
    assertThat(lines.body())
        .isEqualTo("{\"items\":[{\"id\":1,\"email\":\"c***@***\"}]}\n{\"items\":[]}\n");
    assertThat(lines.headers().firstValue("content-type")).contains("application/x-ndjson");
    http.service.said = SaidAnswer.ok("application/json", "{}");
    assertThat(http.get(token, "/t/acme/lines/said").statusCode()).isEqualTo(502);
  }

  @Test
  void anAnswerWithoutABodyPasses() throws Exception {
    http.service.said = new SaidAnswer(204, "text/html", Map.of(), Bytes.empty());
    HttpResponse<String> answer = http.get(token(Level.MASKED), "/t/acme/said");
    assertThat(answer.statusCode()).isEqualTo(204);
  }

  @Test
  void anAnswerOfTheCustomersPasses() throws Exception {
    http.service.said = items(item(1, "acme") + "," + item(2, "acme"));
    assertThat(http.get(token(Level.MASKED), "/t/acme/own/said").body())
        .isEqualTo(
            "{\"items\":[{\"id\":1,\"email\":\"c***@***\"},{\"id\":2,\"email\":\"c***@***\"}]}");
    http.client = http.freshClient();
    assertThat(http.get(token(Level.READ), "/t/acme/whole/said").body())
        .isEqualTo("{\"items\":[" + item(1, "acme") + "," + item(2, "acme") + "]}");
  }

  /// Nothing of it passes, and the service is not asked again.
  @Test
  void anAnswerOfAnotherCustomersEndsTheSession() throws Exception {
    for (String path : List.of("/t/acme/own/said", "/t/acme/whole/said")) {
      Level level = path.contains("own") ? Level.MASKED : Level.READ;
      String token = token(level);
      int ended = http.controlPlane.reasons().size();
      http.service.said = items(item(1, "acme") + "," + item(2, "globex"));
      HttpResponse<String> answer =
          http.freshClient().send(http.asking(token, path).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path).isEqualTo(502);
      assertThat(answer.body()).doesNotContain(CANARY, "globex");
      Await.until(() -> http.controlPlane.reasons().size() > ended);
      assertThat(http.controlPlane.reasons().getLast()).isEqualTo("fence-drifted");
    }
  }

  @Test
  void anAnswerThatDoesNotSayWhoseItIsDoesNotPass() throws Exception {
    String token = token(Level.READ);
    http.service.said = items("{\"id\":1,\"note\":\"" + CANARY + "\"}");
    HttpResponse<String> answer = http.get(token, "/t/acme/whole/said");
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).doesNotContain(CANARY);
    http.service.said = items(item(1, "acme"));
    assertThat(http.get(token, "/t/acme/whole/said").statusCode()).isEqualTo(200);
    http.service.said = items((item(1, "acme") + ",").repeat(130_000) + item(1, "acme"));
    assertThat(http.get(token, "/t/acme/whole/said").statusCode())
        .as("longer than is held")
        .isEqualTo(502);
  }
}
