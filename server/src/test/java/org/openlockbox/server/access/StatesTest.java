package org.openlockbox.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// The machine through the whole server: each command in each state, and the table of moves that
/// the database holds beside core's.
final class StatesTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);
  private static final Json NOTHING = Json.object().build();

  /// What each command leads to from the two states that commands can leave; a word after `!` is
  /// the problem's code and the state stays. In all others every command is refused with the state.
  private static final String TABLE =
      """
                approve    deny       revoke    stop      withdraw   complete   review
      pending   approved   denied     !pending  !pending  withdrawn  !pending   !review_not_needed
      approved  !approved  !approved  revoked   revoked   !approved  completed  !approved
      """;

  private static final Map<RequestState, Answer> ENDED = new EnumMap<>(RequestState.class);

  @BeforeAll
  static void everyEnding() {
    ENDED.put(RequestState.LAPSED, ACME.ask("helpdesk"));
    SERVER.pass(Duration.ofHours(12));
    ENDED.put(RequestState.EXPIRED, ACME.approve(ACME.ask("helpdesk")));
    SERVER.pass(Duration.ofMinutes(30));
    for (var command : List.of("deny", "withdraw")) {
      var answer = send(command, ACME.ask("helpdesk"));
      ENDED.put(state(answer), answer);
    }
    for (var command : List.of("revoke", "complete")) {
      var answer = send(command, ACME.approve(ACME.ask("helpdesk")));
      ENDED.put(state(answer), answer);
    }
    ENDED.put(RequestState.REMOVAL_FAILED, removalFailed());
    swept();
  }

  private static Answer removalFailed() {
    var gateway = new TestGateway(SERVER, 0, "gw-1", "00000000000000bb");
    gateway.lease();
    var request = ACME.approve(ACME.ask("helpdesk"));
    var session = gateway.open(ACME, request);
    var about = TestTenant.ref(request).id();
    var failed = new SessionEvent.RemovalFailed(session, about, "in use");
    TestGateway.indices(gateway.append(gateway.entry(ACME, failed)));
    return send("revoke", request);
  }

  private static void swept() {
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (SERVER.rows("select 1 from access_request where state in ('lapsed', 'expired')").size()
        < 2) {
      assertThat(System.nanoTime()).as("waiting for the sweep").isLessThan(until);
    }
  }

  @AfterAll
  static void close() {
    SERVER.close();
  }

  private static RequestState state(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return RequestState.parse(answer.json().text("state"));
  }

  private static Answer show(Answer request) {
    return SERVER.get("reviewer", ACME.requests() + "/" + TestTenant.ref(request).id());
  }

  private static Answer send(String command, Answer request) {
    var shown = show(request);
    return switch (command) {
      case "approve" -> ACME.approve(shown);
      case "deny" -> {
        var no = ACME.decision(TestTenant.ref(shown), "acme-ann", Optional.empty());
        var envelope = TestTenant.envelope(no.signedBy(ACME.key));
        yield ACME.step("acme-approver", shown, ":deny", envelope);
      }
      case "revoke" -> ACME.revoke(shown);
      case "stop" -> ACME.step("acme-approver", shown, ":revoke", NOTHING);
      case "withdraw", "complete" -> ACME.step("engineer", shown, ":" + command, NOTHING);
      case "review" ->
          ACME.step("reviewer", shown, ":review", Json.object().put("verdict", "approve").build());
      default -> throw new IllegalArgumentException(command);
    };
  }

  private static String[] words(int line) {
    return TABLE.lines().toList().get(line).strip().split(" +");
  }

  @Test
  void everyCommandFromPendingAndFromApproved() {
    var commands = words(0);
    for (int line = 1; line <= 2; line++) {
      for (int i = 0; i < commands.length; i++) {
        var asked = ACME.ask("helpdesk");
        var request = line == 1 ? asked : ACME.approve(asked);
        check(request, commands[i], words(line)[i + 1]);
      }
    }
  }

  private static void check(Answer request, String command, String expected) {
    var before = show(request);
    var answer = send(command, request);
    var after = show(request);
    var said = state(before) + " " + command + " -> " + answer;
    if (expected.startsWith("!")) {
      assertThat(answer.status()).as(said).isEqualTo(409);
      assertThat(answer.code()).as(said).isEqualTo(expected.substring(1));
      assertThat(after.toString()).as(said).isEqualTo(before.toString());
      assertThat(after.etag()).as(said).isEqualTo(before.etag());
    } else {
      assertThat(answer.status()).as(said).isEqualTo(200);
      assertThat(after.json().text("state")).as(said).isEqualTo(expected);
      assertThat(after.etag()).as(said).isEqualTo(answer.etag()).isNotEqualTo(before.etag());
    }
  }

  @Test
  void noCommandLeavesAnEnding() {
    assertThat(ENDED.keySet())
        .isEqualTo(EnumSet.complementOf(EnumSet.of(RequestState.PENDING, RequestState.APPROVED)));
    ENDED.forEach(
        (state, request) -> {
          for (var command : words(0)) {
            check(request, command, "!" + state.word());
          }
        });
  }

  /// Where core's machine can go, as its two diagrams say; its own tests walk them.
  private static Set<RequestState> next(RequestState from) {
    return switch (from) {
      case PENDING ->
          EnumSet.of(
              RequestState.PENDING,
              RequestState.APPROVED,
              RequestState.DENIED,
              RequestState.WITHDRAWN,
              RequestState.LAPSED);
      case APPROVED ->
          EnumSet.of(RequestState.COMPLETED, RequestState.EXPIRED, RequestState.REVOKED);
      case COMPLETED, EXPIRED, REVOKED -> EnumSet.of(RequestState.REMOVAL_FAILED);
      case REMOVAL_FAILED ->
          EnumSet.of(RequestState.COMPLETED, RequestState.EXPIRED, RequestState.REVOKED);
      case DENIED, WITHDRAWN, LAPSED -> EnumSet.noneOf(RequestState.class);
    };
  }

  @ParameterizedTest
  @EnumSource
  void theDatabaseAllowsTheMachinesMovesAndNoOther(RequestState from) {
    for (var to : RequestState.values()) {
      var allowed =
          SERVER.rows(
              "select access_request_may_move('%s', '%s')".formatted(from.word(), to.word()));
      assertThat(allowed)
          .as(from + " to " + to)
          .containsExactly(next(from).contains(to) ? "t" : "f");
    }
  }

  @Test
  void howAccessEndedNeverChanges() {
    var failed =
        TestTenant.ref(Objects.requireNonNull(ENDED.get(RequestState.REMOVAL_FAILED))).id();
    Assertions.assertThatThrownBy(
            () ->
                SERVER.execute(
                    """
                    update access_request
                       set version = version + 1, state = 'completed', ended_as = 'completed',
                           ended_signed = null, removal_why = null, removal_since = null
                     where id = '%s'
                    """
                        .formatted(failed)))
        .hasStackTraceContaining("how access ended never changes");
  }
}
