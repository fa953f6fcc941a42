package org.openlockbox.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Narrowing;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.core.statement.Revocation;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.e2e.harness.Api;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Pause;

/// Asks, approves and ends without pause, and remembers what the server acknowledged: that much
/// must still be true after any crash. A question without an answer is asked again, with the same
/// Idempotency-Key, and must then stand exactly once.
final class Desk {
  private static final SubjectId ACME_APPROVER = new SubjectId("acme-approver");
  private static final List<String> ORDER = List.of("pending", "approved", "ended");
  private static final List<String> ENTRIES = List.of("request", "decision", "revoke");

  private final Api engineer;
  private final Api approver;
  private final SoftwareKey engineerKey;
  private final SoftwareKey approverKey;
  private final RandomGenerator random;
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
  private final Set<String> checked = new HashSet<>();
  private volatile boolean stopped;
  private volatile boolean approved;
  private volatile boolean unanswered;
  private String round = "";
  private int number;

  Desk(Demo demo, RandomGenerator random) throws IOException {
    this.engineer = new Api(demo, "engineer");
    this.approver = new Api(demo, "acme-approver");
    this.engineerKey = KeyFile.parse(Files.readString(demo.key("engineer.key")));
    this.approverKey = KeyFile.parse(Files.readString(demo.key("acme-approver.key")));
    this.random = random;
  }

  void begin(String name) {
    round = name;
    number = 0;
    approved = false;
    unanswered = false;
    stopped = false;
  }

  void stop() {
    stopped = true;
  }

  /// Whether an approval was acknowledged in this round.
  boolean hasApproved() {
    return approved;
  }

  /// Takes requests through their life until stopped.
  void run() {
    while (!stopped) {
      try {
        Fields request = ask();
        live(request.text("id"), request.bytes("entry"));
      } catch (IOException crashed) {
        Pause.briefly();
      }
    }
  }

  /// Asks under the ticket of the last question, if that was not answered.
  private Fields ask() throws IOException {
    unanswered = true;
    Fields request = ask(ticket());
    unanswered = false;
    number++;
    acknowledged.put(request.text("id"), "pending");
    return request;
  }

  private String ticket() {
    return "CRASH-%s-%d".formatted(round, number);
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
    var ref = RequestRef.of(submission, entry.seq(), bytes.sha256());
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
    approved = true;
    Json.Object ending =
        signed(
            new Revocation(
                    submission.tenant(),
                    entry.origin(),
                    ref,
                    ACME_APPROVER,
                    "",
                    Nonce.random(random))
                .unsigned());
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

  /// After a restart: which acknowledged steps of this round are not in the rows or in the log.
  List<String> lost(LogCopy log) throws IOException {
    askAgain();
    log.catchUp();
    var lost = new ArrayList<String>();
    for (String id : acknowledged.keySet()) {
      if (checked.add(id)) {
        lost.addAll(lost(id, log.entriesOfRequests().getOrDefault(id, List.of())));
      }
    }
    return lost;
  }

  /// The same for every round so far.
  List<String> lostOfAll(LogCopy log) throws IOException {
    checked.clear();
    return lost(log);
  }

  private void askAgain() throws IOException {
    if (unanswered) {
      String ticket = ticket();
      String id = ask().text("id");
      assertThat(ask(ticket).text("id")).as("asked twice: " + ticket).isEqualTo(id);
    }
  }

  private List<String> lost(String id, List<String> entries) throws IOException {
    var reply = approver.get("/v1/tenants/acme/requests/" + id);
    String word = reply.status() == 404 ? "nowhere" : reply.fields().text("state");
    int state = ORDER.contains(word) ? ORDER.indexOf(word) : ORDER.size() - 1;
    int promised = ORDER.indexOf(acknowledged.get(id));
    var lost = new ArrayList<String>();
    if (word.equals("nowhere") || state < promised) {
      lost.add("%s was acknowledged as %s and is %s".formatted(id, acknowledged.get(id), word));
    }
    for (int step = 0; step <= Math.max(state, promised); step++) {
      if (!entries.contains(ENTRIES.get(step))) {
        lost.add("%s is %s without the entry %s".formatted(id, word, ENTRIES.get(step)));
      }
    }
    return lost;
  }

  /// How many requests were acknowledged at least as `state`.
  long acknowledged(String state) {
    return acknowledged.values().stream()
        .filter(reached -> ORDER.indexOf(reached) >= ORDER.indexOf(state))
        .count();
  }
}
