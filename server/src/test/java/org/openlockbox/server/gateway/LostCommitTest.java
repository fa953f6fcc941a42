package org.openlockbox.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.server.LossyLine;
import org.openlockbox.server.Pause;
import org.openlockbox.server.Recorded;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;

/// Calls are committed together, and the database's word of it is lost on the way back.
final class LostCommitTest {
  private record Recorded(TestGateway gateway, List<Json> entries) {}

  @Test
  void everyCallerOfTheGroupIsToldToComeAgainAndFindsItsEntriesThere() throws Exception {
    try (var server = new TestServer();
        var line = new LossyLine(server.databasePort())) {
      server.startThrough("127.0.0.1:" + line.port(), server.remembering());
      var acme = new TestTenant(server, "acme", 1);
      var calls = IntStream.range(0, 6).mapToObj(n -> statements(server, acme, n)).toList();
      int before = acme.verifiedLog().size();
      line.loseNextCommit();
      var lost = append(calls).stream().filter(answer -> answer.status() != 200).toList();
      assertThat(lost).isNotEmpty().allMatch(answer -> answer.status() == 503);
      var indices = new ArrayList<Long>();
      append(calls).forEach(answer -> indices.addAll(TestGateway.indices(answer)));
      assertThat(acme.verifiedLog()).hasSize(before + 12);
      assertThat(new HashSet<>(indices)).hasSize(12);
      var again = new ArrayList<Long>();
      append(calls).forEach(answer -> again.addAll(TestGateway.indices(answer)));
      assertThat(again).isEqualTo(indices);
    }
  }

  /// Others see the checkpoint. Whoever made it must not take it for somebody else's.
  @Test
  void whatWasSignedInACommitWhoseAnswerWasLostIsRemembered() throws Exception {
    try (var server = new TestServer();
        var line = new LossyLine(server.databasePort())) {
      var heads = server.remembering();
      server.startThrough("127.0.0.1:" + line.port(), heads);
      var acme = new TestTenant(server, "acme", 1);
      line.loseNextCommitOf("request");
      var wish = CanonicalJson.text(acme.wish("helpdesk"));
      var lost = server.call(1, "engineer", "POST", acme.requests(), wish, Map.of());
      assertThat(lost.status()).as(lost.toString()).isEqualTo(503);
      var remembered = "%s %d ".formatted(acme.origin.value(), acme.verifiedLog().size());
      Pause.until("it to be remembered", () -> text(heads.resolve("heads")).contains(remembered));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Two statements of a boot that talks to the second server, whose line loses an answer.
  private static Recorded statements(TestServer server, TestTenant tenant, int n) {
    var gateway = new TestGateway(server, 1, "gw-1", "%016x".formatted(n + 1));
    assertThat(gateway.lease().status()).isEqualTo(200);
    var session = gateway.open(tenant, tenant.approve(tenant.ask("helpdesk")));
    var entries = new ArrayList<Json>();
    for (int i = 0; i < 2; i++) {
      var text = TestGateway.sql("select " + i);
      entries.add(gateway.entry(tenant, TestGateway.statement(session, i, text), text));
    }
    return new Recorded(gateway, entries);
  }

  private static List<TestServer.Answer> append(List<Recorded> calls) throws Exception {
    var futures = new ArrayList<Future<TestServer.Answer>>();
    try (var crew = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var call : calls) {
        futures.add(crew.submit(() -> call.gateway.append(call.entries)));
      }
      var answers = new ArrayList<TestServer.Answer>();
      for (var future : futures) {
        answers.add(future.get(30, TimeUnit.SECONDS));
      }
      return answers;
    }
  }
}
