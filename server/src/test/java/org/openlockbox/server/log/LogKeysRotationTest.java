package org.openlockbox.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.bundle.BundleCheck;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.epoch.EpochCheck;
import org.openlockbox.core.epoch.EpochProof;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.watch.LogWatch;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.TestWitness;
import org.openlockbox.server.log.entry.LogKeyFiles;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.SigningKeys;

/// `lockbox log-keys`: the keys of all logs are replaced while the server appends, and readers,
/// witnesses and verifiers go on; killed between any two steps, the next start or step goes on.
class LogKeysRotationTest {
  private static final String EPOCHS = "log.example/epochs";

  @TempDir private Path directory;

  /// A reader of a tenant's whole log, as `lockbox watch` is.
  private static final class Reader {
    private final TestTenant tenant;
    private final LogWatch watch;
    private final List<String> wrong = new ArrayList<>();

    Reader(TestTenant tenant) {
      this.tenant = tenant;
      this.watch = new LogWatch(tenant.pin(), tenant.id, Conditions.NONE);
    }

    /// Reads on to the newest checkpoint, and compares with it.
    void read() {
      var note = checkpoint(tenant);
      long size = LogKeysRotationTest.size(note);
      while (watch.size() < size) {
        var page = page(tenant, watch.size(), Math.min(1000, size - watch.size()));
        for (var shown : page.objects("entries")) {
          watch.take(shown.bytes("entry")).forEach(found -> wrong.add(found.toString()));
        }
      }
      watch.compare(note).ifPresent(found -> wrong.add(found.toString()));
    }

    Keyring keyring() {
      return watch.keyring().orElseThrow();
    }
  }

  private static Bytes bundle(TestTenant tenant, TestServer.Answer request) {
    var path = tenant.requests() + "/" + TestTenant.ref(request).id() + "/evidence";
    return Bytes.of(tenant.server.get(tenant.id + "-auditor", path).response().body());
  }

  private static void holds(TestTenant tenant, Bytes bundle) {
    assertThat(BundleCheck.verify(bundle.toArray(), Optional.of(tenant.pin())))
        .isInstanceOf(BundleCheck.Valid.class);
  }

  private static EpochCheck newest(TestTenant tenant, Keyring keyring, WitnessPolicy policy) {
    var answer =
        tenant.server.get(
            tenant.id + "-auditor",
            "/v1/tenants/%s/epoch?witnesses=%d".formatted(tenant.id, policy.quorum()));
    return EpochProof.parse(Json.read(answer.response().body()))
        .check(keyring, tenant.origin.epochs(), policy);
  }

  private static void rotate(TestServer server) {
    var files = server.logKeyFiles();
    files.prepare(new SecureRandom());
    files.begin();
    awaitRotated(server);
  }

  private static void awaitRotated(TestServer server) {
    try (var maintenance = server.maintenance(Path.of("unused"))) {
      Pause.until("every log is handed over", () -> maintenance.logsToRotate() == 0);
    }
  }

  /// Appends statements until it is told to stop, and counts what was answered as stored.
  private static final class Load implements AutoCloseable {
    private final AtomicInteger stored = new AtomicInteger();
    private final List<Throwable> failed = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stop;

    Load(TestServer server, TestTenant tenant) {
      var gateway = TestGateway.leased(server);
      var session = gateway.open(tenant, tenant.approved());
      thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (!stop) {
                        var text = TestGateway.sql("select " + stored.get());
                        var statement = TestGateway.statement(session, stored.get(), text);
                        var answer = gateway.append(gateway.entry(tenant, statement, text));
                        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
                        stored.incrementAndGet();
                      }
                    } catch (Throwable e) {
                      failed.add(e);
                    }
                  });
    }

    int stored() {
      return stored.get();
    }

    @Override
    public void close() {
      finish();
    }

    void finish() {
      stop = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      assertThat(failed).isEmpty();
    }
  }

  @Test
  void keysAreReplacedUnderLoadAndEverybodyGoesOn() {
    try (var told = new TestWitness("told.example");
        var late = new TestWitness("late.example");
        var server = new TestServer(List.of(told.address(), late.address()))) {
      var acme = new TestTenant(server, "acme", 1);
      var globex = new TestTenant(server, "globex", 1);
      var old = acme.logKeys.named(EPOCHS);
      told.knows(old);
      late.knows(old);
      var both = new WitnessPolicy(2, keys(told, late));
      var asked = acme.approved();
      var quiet = globex.approved();
      var before = bundle(acme, asked);
      var reader = new Reader(acme);
      reader.read();
      var first = reader.keyring();
      server.server(0).buildEpoch();
      assertThat(newest(acme, first, both)).isInstanceOf(EpochCheck.Valid.class);
      int statements = rotatedUnderLoad(server, acme, reader);
      settled(acme);
      reader.read();
      assertThat(reader.wrong).isEmpty();
      assertThat(reader.watch.rotations()).hasSize(1);
      assertThat(reader.keyring().checkpointKeys().all()).hasSize(2);
      assertThat(entries(acme, EntryType.OPERATION)).hasSize(statements);
      holds(acme, before);
      holds(acme, bundle(acme, asked));
      holds(globex, bundle(globex, quiet));
      witnessesGoOn(server, acme, reader, first, told, late);
    }
  }

  /// How many statements were stored meanwhile.
  private static int rotatedUnderLoad(TestServer server, TestTenant acme, Reader reader) {
    try (var load = new Load(server, acme)) {
      Pause.until("statements", () -> load.stored() > 20);
      reader.read();
      rotate(server);
      int then = load.stored();
      Pause.until("statements after it", () -> load.stored() > then + 20);
      reader.read();
      load.finish();
      return load.stored();
    }
  }

  /// Until the old pair is retired both sign the epochs; then the witness that was not told stops.
  private static void witnessesGoOn(
      TestServer server,
      TestTenant acme,
      Reader reader,
      Keyring first,
      TestWitness told,
      TestWitness late) {
    var both = new WitnessPolicy(2, keys(told, late));
    var one = new WitnessPolicy(1, keys(told));
    var next = reader.keyring().checkpointKeys().newest().named(EPOCHS);
    server.server(0).buildEpoch();
    assertThat(newest(acme, reader.keyring(), both)).isInstanceOf(EpochCheck.Valid.class);
    assertThat(newest(acme, first, both)).isInstanceOf(EpochCheck.Valid.class);
    told.knowsAll(List.of(acme.logKeys.named(EPOCHS), next));
    server.logKeyFiles().retire();
    Pause.until(
        "the old pair is out of use",
        () -> !vkeys(server).contains(acme.logKeys.named(EPOCHS).vkeys().getFirst()));
    acme.ask("helpdesk");
    server.server(0).buildEpoch();
    assertThat(newest(acme, reader.keyring(), one)).isInstanceOf(EpochCheck.Valid.class);
    assertThat(newest(acme, first, one)).isInstanceOf(EpochCheck.Invalid.class);
    assertThat(told.cosigned(EPOCHS).size()).isGreaterThan(late.cosigned(EPOCHS).size());
    reader.read();
    assertThat(reader.wrong).isEmpty();
    assertThat(acme.approved().status()).isEqualTo(200);
    assertThat(new TestTenant(server, "initech", 1).logKeys.named(EPOCHS)).isEqualTo(next);
  }

  private static String vkeys(TestServer server) {
    return text(server.get("nobody", "/epochs/vkeys"));
  }

  private static List<NoteVerifier> keys(TestWitness... witnesses) {
    return List.of(witnesses).stream().flatMap(witness -> witness.keys().stream()).toList();
  }

  private static List<LogEntry> entries(TestTenant tenant, EntryType type) {
    var entries = new ArrayList<LogEntry>();
    long size;
    do {
      var page = page(tenant, entries.size(), 1000);
      size = page.number("size");
      page.objects("entries").forEach(e -> entries.add(LogEntry.parse(e.bytes("entry"))));
    } while (entries.size() < size);
    return entries.stream().filter(entry -> entry.type() == type).toList();
  }

  private static Fields page(TestTenant tenant, long from, long limit) {
    var path = "/v1/tenants/%s/log?from=%d&limit=%d".formatted(tenant.id, from, limit);
    return tenant.server.get(tenant.id + "-auditor", path).json();
  }

  private static String checkpoint(TestTenant tenant) {
    var path = "/log/%s/checkpoint".formatted(tenant.id);
    return text(tenant.server.get(tenant.id + "-auditor", path));
  }

  private static long size(String checkpoint) {
    return Checkpoint.parse(SignedNote.parse(checkpoint).text()).size();
  }

  private static String text(TestServer.Answer answer) {
    return new String(answer.response().body(), StandardCharsets.UTF_8);
  }

  /// Waits until a checkpoint covers every entry.
  private static void settled(TestTenant tenant) {
    Pause.until(
        "a checkpoint of all of it",
        () -> size(checkpoint(tenant)) >= page(tenant, 0, 1).number("size"));
  }

  /// A server that died after the files were renamed, or in the middle of the logs, has handed over
  /// nothing or some; the next one goes on.
  @Test
  void theNextStartGoesOnWhereAServerDied() {
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      var globex = new TestTenant(server, "globex", 1);
      server.stopLast();
      server.logKeyFiles().prepare(new SecureRandom());
      server.logKeyFiles().begin();
      server.startAnother();
      awaitRotated(server);
      server.execute("update tenant set log_keys = sha256('lost') where id = 'acme'");
      awaitRotated(server);
      for (var tenant : List.of(acme, globex)) {
        assertThat(entries(tenant, EntryType.LOG_KEYS)).hasSize(1);
        holds(tenant, bundle(tenant, tenant.approved()));
      }
    }
  }

  /// It signs no checkpoint that nobody could verify: it refuses, and says why, until it has them.
  @Test
  void aServerWithoutTheNextKeysSignsNothingForALogThatNamesThem() throws IOException {
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      var asked = acme.approved();
      rotate(server);
      server.stopLast();
      var files = server.logKeyFiles();
      var away = Files.move(files.next(), directory.resolve("away"));
      server.startAnother();
      var refused = server.post("engineer", acme.requests(), acme.wish("helpdesk"));
      assertThat(refused.status()).isEqualTo(503);
      assertThat(acme.revoke(asked).status()).isEqualTo(200);
      var reader = new Reader(acme);
      Files.move(away, files.next());
      Pause.until(
          "it signs again",
          () -> server.post("engineer", acme.requests(), acme.wish("helpdesk")).status() == 201);
      settled(acme);
      reader.read();
      assertThat(reader.wrong).isEmpty();
      holds(acme, bundle(acme, asked));
    }
  }

  /// Every state that a crash can leave the files in is one of which the next step makes sense.
  @Test
  void theFilesSurviveACrashBetweenAnyTwoSteps() throws IOException {
    var file = directory.resolve("log.key");
    var first = new LogKeyFiles(file);
    first.prepare(new SecureRandom());
    Files.move(first.prepared(), file);
    var old = Files.readString(file);

    Files.writeString(directory.resolve("log.key.making"), "half");
    assertThat(first.prepare(new SecureRandom())).isTrue();
    assertThat(first.prepare(new SecureRandom())).isFalse();
    var next = Files.readString(first.prepared());
    first.begin();
    first.begin();
    assertThat(first.isRotating()).isTrue();
    assertThat(pairs(file)).containsExactly(pair(old), pair(next));

    Files.move(file, first.retired());
    assertThat(pairs(file)).containsExactly(pair(next));
    first.retire();
    assertThat(pairs(file)).containsExactly(pair(next));
    assertThat(Files.readString(first.retired())).isEqualTo(old);
    assertThat(first.hasNext()).isFalse();
  }

  private static List<LogVerifier> pairs(Path file) {
    return LogKeys.read(file).verifiers("x");
  }

  private static LogVerifier pair(String text) {
    return SigningKeys.parse(text).logVerifier("x");
  }
}
