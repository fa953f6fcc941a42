package org.openlockbox.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Narrowing;
import org.openlockbox.core.access.SubjectId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.evidence.Decision;
import org.openlockbox.core.evidence.LogEntry;
import org.openlockbox.core.evidence.Nonce;
import org.openlockbox.core.evidence.RequestEvent;
import org.openlockbox.core.evidence.RequestRef;
import org.openlockbox.core.evidence.Revocation;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.e2e.harness.Api;
import org.openlockbox.e2e.harness.Demo;

/// Asks, approves and ends without pause, and remembers what the server acknowledged: that much
/// must still be true after any crash. A question without an answer is asked again after the
/// restart, with the same Idempotency-Key, and must then stand exactly once.
final class Desk {
  private static final SubjectId ACME_APPROVER = new SubjectId("acme-approver");
  private static final List<String> ORDER = List.of("pending", "approved", "ended");

  private final Api engineer;
  private final Api approver;
  private final SoftwareKey engineerKey;
  private final SoftwareKey approverKey;
  private final RandomGenerator random;
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
  private final Set<String> unanswered = ConcurrentHashMap.newKeySet();
  private final Set<String> checked = new HashSet<>();
  private volatile boolean stopped;
  private int number;

  Desk(Demo demo, RandomGenerator random) throws IOException {
    this.engineer = new Api(demo, "engineer");
    this.approver = new Api(demo, "acme-approver");
    this.engineerKey = KeyFile.parse(Files.readString(demo.key("engineer.key")));
    this.approverKey = KeyFile.parse(Files.readString(demo.key("acme-approver.key")));
    this.random = random;
  }

  void begin() {
    stopped = false;
  }

  void stop() {
    stopped = true;
  }

  /// Takes requests through their life until stopped.
  void run() {
    while (!stopped) {
      String ticket = "CRASH-" + number++;
      try {
        unanswered.add(ticket);
        Fields request = ask(ticket);
        unanswered.remove(ticket);
        acknowledged.put(request.text("id"), "pending");
        live(request.text("id"), request.bytes("entry"));
      } catch (IOException crashed) {
        Thread.onSpinWait();
      }
    }
  }

  private Fields ask(String ticket) throws IOException {
    Json.Object body =
        Json.object()
            .put("resource", "helpdesk")
            .put("level", "masked")
            .put("purpose", "customer_ticket")
            .put("reason", "Under load")
            .put("ticket", ticket)
            .put("duration", Duration.ofHours(1))
            .put("engineerKey", engineerKey.key().toJson())
            .build();
    return answered(
        engineer.post("/v1/tenants/acme/requests", body, Map.of("Idempotency-Key", ticket)));
  }

  private void live(String id, Bytes bytes) throws IOException {
    var entry = LogEntry.parse(bytes);
    var submission = ((RequestEvent.Requested) entry.body()).submission();
    var ref = new RequestRef(submission.id(), entry.seq(), bytes.sha256());
    String path = "/v1/tenants/acme/requests/" + id;
    String etag = approver.get(path).etag();
    var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    var decision =
        new Decision(
            submission.tenant(),
            entry.origin(),
            ref,
            ACME_APPROVER,
            Optional.of(Allowance.of(submission, Narrowing.NONE, now)),
            "",
            Nonce.random(random));
    answered(
        approver.post(path + ":approve", signed(decision.unsigned()), Map.of("If-Match", etag)));
    acknowledged.put(id, "approved");
    Json.Object ending = Json.object().build();
    if (random.nextBoolean()) {
      ending =
          signed(
              new Revocation(
                      submission.tenant(),
                      entry.origin(),
                      ref,
                      ACME_APPROVER,
                      "",
                      Nonce.random(random))
                  .unsigned());
    }
    answered(approver.post(path + ":revoke", ending, Map.of()));
    acknowledged.put(id, "ended");
  }

  private Json.Object signed(Envelope envelope) {
    return Json.object().put("envelope", envelope.signedBy(approverKey).toJson()).build();
  }

  /// While the database is going down a server may also answer that it cannot: no promise.
  private static Fields answered(Api.Reply reply) throws IOException {
    if (reply.status() >= 500) {
      throw new IOException(reply.text());
    }
    return reply.fields();
  }

  /// After a restart: what was acknowledged stands, in the rows and in the log.
  void check(LogCopy log) throws IOException {
    for (String ticket : Set.copyOf(unanswered)) {
      String id = ask(ticket).text("id");
      assertThat(ask(ticket).text("id")).as("asked twice: " + ticket).isEqualTo(id);
      acknowledged.put(id, "pending");
      unanswered.remove(ticket);
    }
    log.catchUp();
    for (var promise : acknowledged.entrySet()) {
      if (checked.add(promise.getKey())) {
        check(promise.getKey(), promise.getValue(), log.entriesOf(promise.getKey()));
      }
    }
  }

  private void check(String id, String atLeast, Set<String> entries) throws IOException {
    String state =
        switch (approver.get("/v1/tenants/acme/requests/" + id).fields().text("state")) {
          case "pending" -> "pending";
          case "approved" -> "approved";
          default -> "ended";
        };
    assertThat(ORDER.indexOf(state))
        .as("%s was acknowledged as %s and is %s", id, atLeast, state)
        .isGreaterThanOrEqualTo(ORDER.indexOf(atLeast));
    assertThat(entries).as("entries of " + id).contains("request");
    if (!state.equals("pending")) {
      assertThat(entries).as("entries of " + id).contains("decision");
    }
    if (state.equals("ended")) {
      assertThat(entries).as("entries of " + id).containsAnyOf("revoke", "end");
    }
  }

  Set<String> requests() {
    return Set.copyOf(acknowledged.keySet());
  }
}
