package org.openlockbox.e2e.witness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.e2e.harness.Typed;
import org.openlockbox.node.process.Ports;

/// Witnesses in processes of their own, and tenants whose signed settings demand them: one that has
/// what it demands, one that believes other keys, and one that demands nothing.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WitnessedTest {
  private static final String SEEN = "the customer demands that witnesses have seen the approval";

  private final Demo demo = Demo.start("witnessed");
  private final Terminal engineer = demo.terminal("engineer");
  private final Terminal operator = demo.terminal("operator");
  private final int witnessPort = Ports.free();
  private Typed witness = demo.program();
  private Typed own = demo.program();
  private Typed node = demo.program();

  @BeforeAll
  void startWitnesses() throws Exception {
    fetchEpochKeys();
    demo.terminal("acme-auditor")
        .types("lockbox tenant show acme -o json | jq -r '.logKeys[]' > acme.vkeys")
        .ends(0);
    int ownPort = Ports.free();
    witness = witness("w1.example.com", "epochs.vkeys", "w1", witnessPort);
    own = witness("witness.acme.example", "acme.vkeys", "own", ownPort);
    try (Typed other = witness("w1.example.com", "epochs.vkeys", "other", Ports.free())) {
      assertThat(other.out()).isNotEqualTo(witness.out());
    }
    demo.kill();
    configure(witnessPort, ownPort);
    startNode();
  }

  private void fetchEpochKeys() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var keys = URI.create("http://127.0.0.1:" + demo.port("server") + "/epochs/vkeys");
      var answer =
          http.send(
              HttpRequest.newBuilder(keys).build(),
              HttpResponse.BodyHandlers.ofFile(demo.desk().resolve("epochs.vkeys")));
      assertThat(answer.statusCode()).isEqualTo(200);
    }
  }

  private Typed witness(String name, String log, String directory, int port) throws IOException {
    Typed started =
        operator.begins(
            "exec lockbox witness --name %s --log %s --dir %s --listen 127.0.0.1:%d"
                .formatted(name, log, directory, port));
    started.says("listening on port " + port);
    Pause.until("both keys", Duration.ofSeconds(20), () -> started.out().lines().count() == 2);
    Files.writeString(demo.desk().resolve(directory + ".vkeys"), started.out());
    return started;
  }

  private void configure(int port, int ownPort) throws IOException {
    String config = Files.readString(demo.state().resolve("lockbox.yaml"));
    String more =
        """

          witnesses:
            - {url: "http://127.0.0.1:%d", keys: desk/w1.vkeys}
          ownWitnesses:
            - {tenant: acme, url: "http://127.0.0.1:%d"}
        """
            .formatted(port, ownPort);
    int at = config.indexOf("\ngateway:\n");
    Files.writeString(
        demo.state().resolve("lockbox.yaml"),
        config.substring(0, at) + more + config.substring(at));
  }

  @AfterAll
  void stop() {
    node.close();
    witness.close();
    own.close();
    demo.close();
  }

  @Test
  @Order(1)
  void aTenantThatDemandsNothingWaitsForNobody() {
    String id = demo.askAndApprove("initech", "masked", "--for PT1H");
    assertThat(psql(id, "select 1").ok()).isEqualTo("1\n");
  }

  @Test
  @Order(2)
  void aWitnessedApprovalOpens() {
    settings("acme", "--witness w1.vkeys --max-unwitnessed 15s --own-witness own.vkeys");
    String id = demo.askAndApprove("acme", "masked", "--for PT1H");
    assertThat(psql(id, "select 2").ok()).isEqualTo("2\n");
  }

  @Test
  @Order(3)
  void aWitnessThatSignsWithAnotherKeyDoesNotCount() {
    settings("globex", "--witness other.vkeys");
    String id = demo.askAndApprove("globex", "masked", "--for PT1H");
    psql(id, "select 3").ends(2).says(SEEN, "no epoch was cosigned by the witnesses");
  }

  @Test
  @Order(4)
  void whenTheWitnessStopsSessionsEndAndNoneOpens() {
    String id = demo.askAndApprove("acme", "masked", "--for PT1H");
    try (Typed psql = engineer.begins("lockbox psql " + id + " -- -At")) {
      psql.types("select 'up' || 1;").prints("up1");
      witness.signal("STOP");
      Pause.until("the session ends", Duration.ofSeconds(60), this::oneEndedUnwitnessed);
      psql.types("select 'late' || 1;");
      Answer ended = psql.ends(Duration.ofSeconds(30));
      assertThat(ended.out()).doesNotContain("late1");
      ended.says("FATAL", "witnesses have not cosigned the log for longer than the customer");
      psql(id, "select 4").ends(2).says(SEEN);
    } finally {
      witness.signal("CONT");
    }
    opensInTheEnd(id);
  }

  /// The reason stands in the signed close.
  private boolean oneEndedUnwitnessed() {
    String log = "lockbox log --tenant acme -o json | jq -r '.entry | @base64d' | grep unwitnessed";
    return demo.terminal("acme-auditor").types(log).exit() == 0;
  }

  @Test
  @Order(5)
  void withoutTheTenantsOwnWitnessNoNewApprovalOpens() {
    own.signal("STOP");
    try {
      String id = demo.askAndApprove("acme", "masked", "--for PT1H");
      psql(id, "select 6").ends(2).says(SEEN, "own witness has seen");
      own.signal("CONT");
      opensInTheEnd(id);
    } finally {
      own.signal("CONT");
    }
  }

  /// The witness has seen the epoch log grow beyond the database that is restored.
  @Test
  @Order(6)
  void afterAnOlderDatabaseTheEpochLogGoesOnUnderAnotherName() throws Exception {
    stopNode();
    operator.types("cp -a ../data/control ../data/older").ends(0);
    startNode();
    long before = witnessedEpochs();
    Pause.until("two more epochs", Duration.ofSeconds(60), () -> witnessedEpochs() > before + 1);
    stopNode();
    operator.types("rm -r ../data/control && mv ../data/older ../data/control").ends(0);
    startNode();
    node.says("NOTHING IS SIGNED OR APPENDED: lockbox.demo/epochs has");
    String id = demo.askAndApprove("acme", "masked", "--for PT1H");
    psql(id, "select 8").ends(2).says(SEEN);

    stopNode();
    String log = "lockbox.demo/epochs";
    String recover = "lockbox recover --config ../lockbox.yaml --reason 'disk lost' --log ";
    operator.types(recover + log).ends(0).says(log + "/2", "Each witness has to be given the new");
    operator.types(recover + log).ends(1).says("no epoch that was signed is missing");
    startNode();
    psql(id, "select 8").ends(2).says(SEEN);
    witness.signal("TERM");
    witness.ends(Duration.ofSeconds(20));
    fetchEpochKeys();
    witness = witness("w1.example.com", "epochs.vkeys", "w1", witnessPort);
    opensInTheEnd(id);
    String watch = "lockbox watch acme --pin \"$(lockbox tenant show acme --pin)\"";
    assertThat(demo.terminal("acme-auditor").types(watch).ends(1).out())
        .contains("LOST EPOCHS", "as generation 2: \u201cdisk lost\u201d")
        .hasLineCount(1);
  }

  private long witnessedEpochs() {
    String url = "http://127.0.0.1:" + demo.port("server") + "/epochs/checkpoint?witnesses=1";
    String answer = operator.types("curl -s '" + url + "' | sed -n 2p").out().strip();
    return answer.matches("[0-9]+") ? Long.parseLong(answer) : 0;
  }

  private void startNode() {
    node = operator.begins("exec lockbox up --config ../lockbox.yaml");
    node.prints("lockbox is up");
  }

  private void stopNode() {
    node.signal("TERM");
    node.ends(Duration.ofSeconds(60));
  }

  private void settings(String tenant, String demand) {
    demo.terminal(tenant + "-approver")
        .types(
            "lockbox settings set --tenant %s %s --key %s-approver.key"
                .formatted(tenant, demand, tenant))
        .ends(0);
  }

  /// When a witness is back: an epoch later, or some on a busy machine.
  private void opensInTheEnd(String id) {
    Pause.until("it opens", Duration.ofSeconds(90), () -> psql(id, "select 9").exit() == 0);
  }

  private Answer psql(String id, String sql) {
    return engineer.types("lockbox psql " + id + " -- -At -c '" + sql + "'");
  }
}
