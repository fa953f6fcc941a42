package org.openlockbox.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.ByteBudget;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.FakeControlPlane;
import org.openlockbox.http.TicketService.SaidAnswer;
import org.openlockbox.http.catalogue.AnswerForm;
import org.openlockbox.http.catalogue.AnswerRule;
import org.openlockbox.http.catalogue.BodyRule;
import org.openlockbox.http.catalogue.HttpRoute;
import org.openlockbox.http.catalogue.HttpUpstream;
import org.openlockbox.http.catalogue.Method;
import org.openlockbox.http.catalogue.PathTemplate;
import org.openlockbox.http.catalogue.RequestRule;
import org.openlockbox.http.catalogue.RouteName;
import org.openlockbox.http.json.FieldMask;
import org.openlockbox.http.json.FieldRules;
import org.openlockbox.http.json.JsonPath;
import org.openlockbox.http.uri.CanonicalPath;

/// What routes are written with beside path and level: headers, forced parameters, rows, mounts,
/// files in ranges, and long bodies.
class RouteRulesTest {
  private static final FieldRules ALL = FieldRules.of(Map.of());
  private static final RequestRule PLAIN = RequestRule.ofQuery(Set.of());
  private static final Optional<JsonPath> ITEMS = Optional.of(JsonPath.parse("items.*"));
  private static final int LONG = 1_000_000;

  private HttpFixture http;

  @BeforeEach
  void start() throws IOException {
    http = new HttpFixture();
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private static HttpRoute route(
      String name, Method method, String path, RequestRule request, AnswerRule answer) {
    Level level = method == Method.GET || request.reads() ? Level.READ : Level.WRITE;
    Optional<BodyRule> body =
        method == Method.GET
            ? Optional.empty()
            : Optional.of(new BodyRule(Set.of("application/json"), LONG));
    return new HttpRoute(
        new RouteName(name), method, PathTemplate.parse(path), level, request, body, answer);
  }

  private static AnswerRule answer(AnswerForm form) {
    return new AnswerRule(ALL, List.of(), form);
  }

  private static AnswerRule counted() {
    return new AnswerRule(ALL, List.of(), AnswerForm.DOCUMENT, ITEMS);
  }

  private void goesOnWith(HttpRoute... routes) {
    http.routes = List.of(routes);
    http.reload();
  }

  private String token(Level level) {
    return http.token(http.approved(level));
  }

  private TicketService.Heard heard() {
    return http.service.heard().getLast();
  }

  private List<SessionEvent.Outcome> outcomes() {
    return http.controlPlane.events().stream()
        .filter(SessionEvent.Outcome.class::isInstance)
        .map(SessionEvent.Outcome.class::cast)
        .toList();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.client.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void listedHeadersPassAndNoOthers() throws Exception {
    var rule = new RequestRule(Set.of(), Map.of(), Set.of("x-trace-id"), false, Set.of());
    goesOnWith(
        route("one", Method.GET, "/t/{tenant}/one", rule, answer(AnswerForm.DOCUMENT)),
        route("two", Method.GET, "/t/{tenant}/two", PLAIN, answer(AnswerForm.DOCUMENT)));
    String token = token(Level.READ);
    for (String each : List.of("one", "two")) {
      var request = http.asking(token, "/t/acme/" + each);
      send(request.header("X-Trace-Id", "t-1").header("X-Other", "o").header("Accept", "a/b"));
      assertThat(heard().headers())
          .containsEntry("accept", "a/b")
          .doesNotContainKeys("x-other", "authorization");
      assertThat(heard().headers().containsKey("x-trace-id")).isEqualTo(each.equals("one"));
    }
  }

  /// What the service hears of a request can be read in the log: no value that the engineer chose
  /// is left out or cut.
  @Test
  void whatIsForwardedIsOnRecordWhole() throws Exception {
    var rule = new RequestRule(Set.of("q"), Map.of(), Set.of("x-trace-id"), false, Set.of());
    goesOnWith(route("one", Method.GET, "/t/{tenant}/one", rule, answer(AnswerForm.DOCUMENT)));
    String token = token(Level.READ);
    String query = "q=" + "a".repeat(6_000) + "z";
    var request = http.asking(token, "/t/acme/one?" + query);
    send(request.header("X-Trace-Id", "t-1").header("X-Other", "o").setHeader("User-Agent", "u"));
    assertThat(heard().line()).endsWith(query);
    assertThat(http.controlPlane.statements().getLast().lines())
        .containsExactlyInAnyOrder("GET /t/acme/one?" + query, "x-trace-id: t-1", "user-agent: u");
    assertThat(http.get(token, "/t/acme/two?" + query).statusCode()).isEqualTo(404);
    assertThat(http.controlPlane.statements().getLast())
        .startsWith("GET /t/acme/two")
        .hasSize(2000);
  }

  /// A browser takes what is no page for none, whatever the service calls it.
  @Test
  void whatIsNoPageRunsNothing() throws Exception {
    goesOnWith(route("said", Method.GET, "/t/{tenant}/said", PLAIN, answer(AnswerForm.DOCUMENT)));
    String token = token(Level.READ);
    assertThat(http.get(token, "/t/acme/said").headers().allValues("content-security-policy"))
        .singleElement()
        .asString()
        .startsWith("sandbox; default-src 'none'");
    for (String type :
        List.of(
            "application/x-javascript",
            "text/javascript1.5",
            "image/svg+xml; charset=utf-8",
            "application/atom+xml",
            "multipart/x-mixed-replace; boundary=x",
            "application/json, text/html")) {
      http.service.said = SaidAnswer.ok(type, "{}");
      assertThat(http.get(token, "/t/acme/said").statusCode()).as(type).isEqualTo(502);
    }
  }

  @Test
  void aSecondContentTypeIsRefused() throws Exception {
    goesOnWith(
        route("upload", Method.POST, "/t/{tenant}/upload", PLAIN, answer(AnswerForm.DOCUMENT)));
    HttpResponse<String> refused =
        send(
            upload(token(Level.WRITE), BodyPublishers.ofString("{}"))
                .header("Content-Type", "application/x-www-form-urlencoded"));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("\"code\":\"body\"");
    assertThat(http.service.heard()).isEmpty();
  }

  @Test
  void aForcedParameterIsTheGatewaysAlone() throws Exception {
    var rule =
        new RequestRule(Set.of("page"), Map.of("tenant_id", "{tenant}"), Set.of(), false, Set.of());
    goesOnWith(route("list", Method.GET, "/list", rule, answer(AnswerForm.DOCUMENT)));
    String token = token(Level.READ);
    assertThat(http.get(token, "/list?page=2").statusCode()).isEqualTo(200);
    assertThat(heard().line()).isEqualTo("GET /list?page=2&tenant_id=acme");
    assertThat(http.get(token, "/list").statusCode()).isEqualTo(200);
    assertThat(heard().line()).isEqualTo("GET /list?tenant_id=acme");
    for (String each : List.of("acme", "globex")) {
      HttpResponse<String> sent = http.get(token, "/list?tenant_id=" + each);
      assertThat(sent.statusCode()).isEqualTo(400);
      assertThat(sent.body()).contains("\"code\":\"parameter\"", "sets the parameters", "\"hint\"");
    }
    assertThat(http.service.heard()).hasSize(2);
  }

  /// Of the rows that it has an answer costs as many, and none of it passes if they are too many.
  @Test
  void theObjectsOfAnAnswerAreTheRowsOfTheBudget() throws Exception {
    goesOnWith(route("said", Method.GET, "/t/{tenant}/said", PLAIN, counted()));
    Limits limits = Limits.UNWRITTEN.withRowBudget(new RowBudget(5));
    String token = http.token(http.approved(Level.READ, limits));
    http.service.said = SaidAnswer.ok("application/json", "{\"items\":[{\"a\":1},[2],3]}");
    assertThat(http.get(token, "/t/acme/said").statusCode()).isEqualTo(200);
    http.service.said = SaidAnswer.ok("application/json", "{\"items\":[]}");
    assertThat(http.get(token, "/t/acme/said").statusCode()).isEqualTo(200);
    http.service.said = SaidAnswer.ok("application/json", "{\"items\":[1,2,3]}");
    HttpResponse<String> spent = http.get(token, "/t/acme/said");
    assertThat(spent.statusCode()).isEqualTo(429);
    assertThat(spent.body()).contains("\"code\":\"budget\"").doesNotContain("items");
    Await.until(() -> outcomes().size() == 3);
    assertThat(outcomes()).extracting(SessionEvent.Outcome::units).containsExactly(3L, 1L, 0L);
  }

  @Test
  void whatCannotBeCountedDoesNotPass() throws Exception {
    goesOnWith(route("said", Method.GET, "/t/{tenant}/said", PLAIN, counted()));
    String token = token(Level.READ);
    for (String each : List.of("{\"other\":[1]}", "{\"items\":1}", "[1]", "items")) {
      http.service.said = SaidAnswer.ok("application/json", each);
      assertThat(http.get(token, "/t/acme/said").statusCode()).as(each).isEqualTo(502);
    }
  }

  @Test
  void rowsAreCountedAtMaskedToo() throws Exception {
    http.levels = Set.of(Level.MASKED);
    var fields = FieldRules.of(Map.of(JsonPath.parse("items.*.id"), FieldMask.SHOW));
    goesOnWith(
        new HttpRoute(
            new RouteName("said"),
            Method.GET,
            PathTemplate.parse("/t/{tenant}/said"),
            Level.MASKED,
            PLAIN,
            Optional.empty(),
            new AnswerRule(fields, List.of(), AnswerForm.DOCUMENT, ITEMS)));
    http.service.said =
        SaidAnswer.ok("application/json", "{\"items\":[{\"id\":1,\"n\":2},{\"id\":3}]}");
    assertThat(http.get(token(Level.MASKED), "/t/acme/said").body())
        .isEqualTo("{\"items\":[{\"id\":1},{\"id\":3}]}");
    Await.until(() -> outcomes().size() == 1);
    assertThat(outcomes().getFirst().units()).isEqualTo(2);
  }

  @Test
  void eachMountLeadsToAServiceOfItsOwn() throws Exception {
    try (var other = new TicketService()) {
      http.upstream =
          Optional.of(
              new HttpUpstream.UpstreamMounts(
                  Map.of(
                      CanonicalPath.parse("/").orElseThrow(), http.service.base(),
                      CanonicalPath.parse("/api").orElseThrow(), other.base())));
      goesOnWith(
          route("page", Method.GET, "/t/{tenant}", PLAIN, answer(AnswerForm.DOCUMENT)),
          route("api", Method.GET, "/api/{tenant}", PLAIN, answer(AnswerForm.DOCUMENT)),
          route("near", Method.GET, "/api2/{tenant}", PLAIN, answer(AnswerForm.DOCUMENT)));
      String token = token(Level.READ);
      for (String each : List.of("/t/acme", "/api/acme", "/api2/acme")) {
        assertThat(http.get(token, each).statusCode()).as(each).isEqualTo(200);
      }
      assertThat(http.service.heard())
          .extracting(TicketService.Heard::line)
          .containsExactly("GET /t/acme", "GET /api2/acme");
      assertThat(other.heard())
          .extracting(TicketService.Heard::line)
          .containsExactly("GET /api/acme");
    }
  }

  @Test
  void aFileIsFetchedInRangesAndCompressed() throws Exception {
    goesOnWith(
        route("file", Method.GET, "/t/{tenant}/file/said", PLAIN, answer(AnswerForm.OPAQUE)),
        route("said", Method.GET, "/t/{tenant}/said", PLAIN, answer(AnswerForm.DOCUMENT)));
    http.service.said =
        new SaidAnswer(
            206,
            "text/html",
            Map.of("Content-Range", "bytes 2-4/9", "Content-Encoding", "x", "ETag", "\"e\""),
            Bytes.ofUtf8("cde"));
    String token = token(Level.READ);
    HttpResponse<String> part =
        send(http.asking(token, "/t/acme/file/said").header("Range", "bytes=2-4"));
    assertThat(part.statusCode()).as(part.body()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("cde");
    assertThat(part.headers().firstValue("content-range")).contains("bytes 2-4/9");
    assertThat(heard().headers()).containsEntry("range", "bytes=2-4");
    for (String each : List.of("bytes=0-1,3-4", "lines=1-2", "bytes=1-2-3")) {
      send(http.asking(token, "/t/acme/file/said").header("Range", each));
      assertThat(heard().headers()).as(each).doesNotContainKey("range");
    }
    HttpResponse<String> plain =
        send(http.asking(token, "/t/acme/said").header("Range", "bytes=2-4"));
    assertThat(heard().headers()).doesNotContainKey("range");
    assertThat(plain.statusCode()).as("compressed").isEqualTo(502);
  }

  /// A page could run in a browser what a customer wrote.
  @Test
  void aPagePassesOnAnOpaqueRouteAlone() throws Exception {
    goesOnWith(
        route("page", Method.GET, "/t/{tenant}/page/said", PLAIN, answer(AnswerForm.OPAQUE)),
        route("said", Method.GET, "/t/{tenant}/said", PLAIN, answer(AnswerForm.DOCUMENT)));
    String token = token(Level.READ);
    for (int status : List.of(200, 500)) {
      http.service.said =
          new SaidAnswer(status, "Text/HTML; charset=utf-8", Map.of(), Bytes.ofUtf8("<p>x"));
      assertThat(http.get(token, "/t/acme/page/said").body()).isEqualTo("<p>x");
      HttpResponse<String> refused = http.get(token, "/t/acme/said");
      assertThat(refused.statusCode()).isEqualTo(status == 200 ? 502 : 500);
      assertThat(refused.body()).contains("\"code\":").doesNotContain("<p>");
    }
  }

  private HttpRequest.Builder upload(String token, HttpRequest.BodyPublisher body) {
    return http.asking(token, "/t/acme/upload")
        .header("Content-Type", "application/json")
        .POST(body);
  }

  private List<StreamPart> parts() {
    return http.controlPlane.events().stream()
        .filter(StreamPart.class::isInstance)
        .map(StreamPart.class::cast)
        .toList();
  }

  @Test
  void aLongBodyIsOnRecordPartByPart() throws Exception {
    goesOnWith(
        route("upload", Method.POST, "/t/{tenant}/upload", PLAIN, answer(AnswerForm.DOCUMENT)));
    String token = token(Level.WRITE);
    String text = "0123456789".repeat(LONG / 10);
    assertThat(send(upload(token, BodyPublishers.ofString(text))).statusCode()).isEqualTo(200);
    assertThat(heard().body()).isEqualTo(text);
    assertThat(heard().headers()).containsEntry("content-length", Integer.toString(LONG));
    assertThat(parts()).extracting(StreamPart::part).containsExactly(0L, 1L, 2L, 3L);
    assertThat(parts().stream().mapToLong(StreamPart::bytes).sum()).isEqualTo(LONG);
    assertThat(parts()).allMatch(each -> each.direction() == StreamPart.Direction.IN);
    // without a length, and a byte too long
    var tooLong = BodyPublishers.fromPublisher(BodyPublishers.ofString(text + "x"));
    HttpResponse<String> refused = send(upload(token, tooLong));
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.body()).contains("\"code\":\"body\"");
    HttpResponse<String> declared = send(upload(token, BodyPublishers.ofString(text + "x")));
    assertThat(declared.statusCode()).isEqualTo(413);
    assertThat(http.service.heard()).as("none of them whole").hasSize(1);
  }

  /// Where nothing can be recorded, nothing is forwarded.
  @Test
  void aPartThatIsNotOnRecordIsNotForwarded() throws Exception {
    goesOnWith(
        route("upload", Method.POST, "/t/{tenant}/upload", PLAIN, answer(AnswerForm.DOCUMENT)));
    String token = token(Level.WRITE);
    assertThat(send(upload(token, BodyPublishers.ofString("{}"))).statusCode()).isEqualTo(200);
    http.controlPlane.appends(FakeControlPlane.Appends.NOT_APPLIED);
    var late =
        http.client.sendAsync(
            upload(token, BodyPublishers.ofString("x".repeat(LONG))).build(),
            BodyHandlers.ofString());
    int calls = http.controlPlane.appendCalls();
    Await.until(() -> http.controlPlane.appendCalls() > calls + 1);
    assertThat(http.service.heard()).hasSize(1);
    http.controlPlane.appends(FakeControlPlane.Appends.WORK);
    assertThat(late.join().statusCode()).isEqualTo(200);
    assertThat(heard().body()).hasSize(LONG);
  }

  @Test
  void aByteBudgetIsSpentByADownload() throws Exception {
    goesOnWith(route("flood", Method.GET, "/t/{tenant}/flood", PLAIN, answer(AnswerForm.OPAQUE)));
    String token =
        http.token(
            http.approved(Level.READ, Limits.UNWRITTEN.withByteBudget(new ByteBudget(200_000))));
    var answer =
        http.client.send(http.asking(token, "/t/acme/flood").build(), BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    long count = 0;
    try {
      byte[] piece = new byte[8192];
      for (int n = answer.body().read(piece); n >= 0; n = answer.body().read(piece)) {
        count += n;
      }
    } catch (IOException e) {
      // it was cut
    }
    assertThat(count).isLessThanOrEqualTo(200_000L);
    // A client that is slow loses to the reset what it has not read, so the record says how much
    // left.
    Await.until(() -> !outcomes().isEmpty());
    assertThat(outcomes().getFirst().bytes()).isBetween(100_000L, 200_000L);
  }
}
