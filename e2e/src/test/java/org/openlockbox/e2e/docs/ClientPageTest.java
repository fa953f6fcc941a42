package org.openlockbox.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.node.process.Ports;

/// A reader makes the sample application a gateway as docs/client.md says, and uses it. Then its
/// stream is ended by a real server's revocation, and the evidence of both requests verifies.
@Tag("slow")
@ExtendWith(SharedDemo.class)
class ClientPageTest {
  private final int port = Ports.free();

  @Test
  void aReaderTypesThePageAndAStreamEndsWithinASecond(Demo demo) throws Exception {
    likeTheClone(demo);
    Path home = Distribution.home();
    var elsewhere =
        Map.of(
            "java -cp",
            Path.of(System.getProperty("java.home", ""), "bin/java") + " -cp",
            "docs/client/HelpdeskApplication.java",
            home.resolve("docs/client/HelpdeskApplication.java").toString(),
            "8088",
            Integer.toString(port));
    Path notes = demo.state().resolve("notes-client");
    try (var typist = new Typist(demo.terminal("engineer"), notes, elsewhere)) {
      assertThat(typist.types(Page.of("docs/client.md"))).isPositive();
      String id = revokedWhileItStreams(demo);
      assertVerifies(demo, id);
    }
  }

  /// Answers the id of the request.
  private String revokedWhileItStreams(Demo demo) throws Exception {
    Terminal engineer = demo.terminal("engineer");
    String id =
        engineer
            .types(
                "lockbox request create --tenant acme --resource helpdesk-app --level read --for 30m"
                    + " --purpose customer_ticket --ticket SUP-22 --reason 'Watch' -o json")
            .json()
            .text("id");
    Terminal approver = demo.terminal("acme-approver");
    approver.types("lockbox approve " + id + " --key acme-approver.key").ends(0);
    Fields login = engineer.types("lockbox connect " + id + " -o json").json();
    String[] header = Files.readString(Path.of(login.text("headerFile"))).strip().split(": ", 2);
    HttpRequest watch =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/acme/watch".formatted(port)))
            .header(header[0], header[1])
            .build();
    AtomicLong last = new AtomicLong();
    CountDownLatch lines = new CountDownLatch(6);
    try (var client = HttpClient.newHttpClient()) {
      var ended =
          client
              .sendAsync(watch, BodyHandlers.ofLines())
              .thenAccept(
                  answer ->
                      answer
                          .body()
                          .forEach(
                              _ -> {
                                last.set(System.nanoTime());
                                lines.countDown();
                              }));
      assertThat(lines.await(30, TimeUnit.SECONDS)).as("it streams").isTrue();
      approver.types("lockbox revoke " + id + " --key acme-approver.key").ends(0);
      long revoked = System.nanoTime(); // the server committed it before it answered
      awaitEnd(ended);
      assertThat(Duration.ofNanos(last.get() - revoked)).isLessThan(Duration.ofSeconds(1));
    }
    return id;
  }

  /// A stream that was cut has no end of its own.
  private static void awaitEnd(CompletableFuture<Void> ended) {
    assertThatThrownBy(() -> ended.orTimeout(20, TimeUnit.SECONDS).join())
        .rootCause()
        .isInstanceOf(IOException.class);
  }

  private static void assertVerifies(Demo demo, String id) {
    Terminal auditor = demo.terminal("acme-auditor");
    auditor.types("lockbox evidence %s --out %s.zip".formatted(id, id)).ends(0);
    String story =
        auditor
            .types("lockbox verify %s.zip --pin $(lockbox tenant show acme --pin)".formatted(id))
            .ok();
    assertThat(List.of(story)).first().asString().contains("app-1");
  }

  /// `.lockbox` is where a reader who stands in the clone has it.
  private static void likeTheClone(Demo demo) throws IOException {
    link(demo.desk().resolve(".lockbox"), demo.state());
    link(demo.state().resolve("dist"), Distribution.get().directory());
  }

  private static void link(Path from, Path to) throws IOException {
    Files.deleteIfExists(from);
    Files.createSymbolicLink(from, to);
  }
}
