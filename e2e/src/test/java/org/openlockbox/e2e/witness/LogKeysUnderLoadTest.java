package org.openlockbox.e2e.witness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
import org.openlockbox.e2e.harness.PostgresUrl;
import org.openlockbox.e2e.harness.Steady;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.e2e.harness.Typed;
import org.openlockbox.e2e.harness.Verifiers;
import org.openlockbox.node.process.Ports;

/// `lockbox log-keys`, typed: the keys of all logs are replaced while three tenants' statements are
/// recorded. One tenant demands a witness that is told of the new keys in time; another witness is
/// not told.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LogKeysUnderLoadTest {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final String LOG_KEYS = "lockbox log-keys %s --config ../lockbox.yaml";

  private final Demo demo = Demo.start("log-keys");
  private final Terminal operator = demo.terminal("operator");
  private final Terminal auditor = demo.terminal("acme-auditor");
  private final int toldPort = Ports.free();
  private final int latePort = Ports.free();
  private Typed told = demo.program();
  private Typed late = demo.program();
  private Typed node = demo.program();

  @BeforeAll
  void startWithTwoWitnesses() throws IOException {
    fetchEpochKeys("old.vkeys");
    told = witness("told", "old.vkeys", toldPort);
    late = witness("late", "old.vkeys", latePort);
    demo.kill();
    String config = Files.readString(demo.state().resolve("lockbox.yaml"));
    int at = config.indexOf("\ngateway:\n");
    String witnesses =
        """

          witnesses:
            - {url: "http://127.0.0.1:%d", keys: desk/told.vkeys}
            - {url: "http://127.0.0.1:%d", keys: desk/late.vkeys}
        """
            .formatted(toldPort, latePort);
    Files.writeString(
        demo.state().resolve("lockbox.yaml"),
        config.substring(0, at) + witnesses + config.substring(at));
    node = operator.begins("exec lockbox up --config ../lockbox.yaml");
    node.prints("lockbox is up");
  }

  private void fetchEpochKeys(String file) {
    operator
        .types(
            "curl -fsS http://127.0.0.1:%d/epochs/vkeys > %s".formatted(demo.port("server"), file))
        .ends(0);
  }

  private Typed witness(String name, String log, int port) throws IOException {
    Typed started =
        operator.begins(
            "exec lockbox witness --name %1$s.example --log %2$s --dir %1$s --listen 127.0.0.1:%3$d"
                .formatted(name, log, port));
    started.says("listening on port " + port);
    Pause.until("both keys", SOON, () -> started.out().lines().count() == 2);
    Files.writeString(demo.desk().resolve(name + ".vkeys"), started.out());
    return started;
  }

  @AfterAll
  void stop() {
    node.close();
    told.close();
    late.close();
    demo.close();
  }

  private Answer logKeys(String step) {
    return operator.types(LOG_KEYS.formatted(step));
  }

  private Steady steady(String tenant, String id) throws Exception {
    String url = demo.terminal("engineer").types("lockbox connect " + id + " url").ok();
    return Steady.lasting(tenant, PostgresUrl.of(url));
  }

  /// Whether this machine was too slow for the lease at times, so that sessions ended by
  /// themselves.
  private boolean lostTheLease() {
    return (node.out() + node.err()).contains("the lease was not renewed");
  }

  /// How many epochs so many witnesses have cosigned.
  private long cosigned(int witnesses) {
    String size =
        operator
            .types(
                "curl -s 'http://127.0.0.1:%d/epochs/checkpoint?witnesses=%d' | sed -n 2p"
                    .formatted(demo.port("server"), witnesses))
            .out()
            .strip();
    return size.matches("[0-9]+") ? Long.parseLong(size) : 0;
  }

  private void untilCosigned(int witnesses) {
    long before = cosigned(witnesses);
    Pause.until(
        "%d witnesses go on".formatted(witnesses), SOON, () -> cosigned(witnesses) > before);
  }

  private Answer watch(String more) {
    return auditor.types("lockbox watch acme --pin " + pin() + more);
  }

  private String pin() {
    return auditor.types("lockbox tenant show acme --pin").ok().strip();
  }

  @Test
  @Order(1)
  void theKeysAreReplacedUnderLoadAndEverybodyGoesOn() throws Exception {
    var verifiers = new Verifiers(auditor);
    acmeDemandsAWitness();
    var ids = new ArrayList<String>();
    var load = new ArrayList<Steady>();
    try {
      for (var tenant : List.of("acme", "globex", "initech")) {
        String id = demo.askAndApprove(tenant, "masked", "--for PT1H");
        ids.add(id);
        untilOpens(id);
        load.add(steady(tenant, id));
      }
      load.getFirst().readsOn(10);
      auditor.types("lockbox evidence " + ids.getFirst() + " --out before.zip").ends(0);
      watch(" --witness told.vkeys").ends(0);

      rotateUnder(load);
      for (var each : load) {
        each.readsOn(10);
        each.stop();
        if (!lostTheLease()) {
          assertThat(each.breaks()).as("sessions that ended").isZero();
        }
      }
      allOfItIsInTheLogs(ids, load);
    } finally {
      for (var each : load) {
        each.close();
      }
    }
    auditor.types("lockbox evidence " + ids.getFirst() + " --out after.zip").ends(0);
    verifiers.allEnd(0, "before.zip", pin());
    verifiers.allEnd(0, "after.zip", pin());
    watch(" --witness told.vkeys").ends(0).says("nothing is wrong: ");
    untilOpens(demo.askAndApprove("acme", "masked", "--for PT1H"));
    theWitnessThatWasNotToldGoesOnOnceItIs();
  }

  private void acmeDemandsAWitness() {
    demo.terminal("acme-approver")
        .types(
            "lockbox settings set --tenant acme --witness told.vkeys --max-unwitnessed 60s"
                + " --key acme-approver.key")
        .ends(0);
    untilCosigned(2);
  }

  private void untilOpens(String id) {
    String psql = "lockbox psql " + id + " -- -At -c 'select 1'";
    Pause.until("it opens", SOON, () -> demo.terminal("engineer").types(psql).exit() == 0);
  }

  private void rotateUnder(List<Steady> load) throws Exception {
    assertThat(logKeys("show").ends(0).err()).contains("no rotation is under way");
    logKeys("retire").ends(1).says("there are no next log keys");
    operator.types(LOG_KEYS.formatted("new") + " > both.vkeys").ends(0).says("log.key.new");
    logKeys("new").ends(0).says("there are next log keys already");
    logKeys("retire").ends(1).says("logs are still signed by the old log keys");
    told.signal("TERM");
    told.ends();
    told = witness("told", "both.vkeys", toldPort);
    for (var each : load) {
      each.readsOn(5);
    }
    logKeys("rotate").ends(0).says("every log is signed by the next log keys");
    logKeys("rotate").ends(0).says("every log is signed by the next log keys");
    for (var each : load) {
      each.readsOn(10);
    }
    Answer seen = watch(" --witness told.vkeys").ends(0);
    assertThat(seen.out() + seen.err()).contains("replaced the keys of the log");
    untilCosigned(2);
    assertThat(logKeys("show").ends(0).err()).contains("0 logs are not signed by them yet");
    logKeys("retire").ends(0).says("destroy", "log.key.retired");
    untilCosigned(1);
  }

  /// Each result that came is a statement of the story, and the story is whole.
  private void allOfItIsInTheLogs(List<String> ids, List<Steady> load) {
    for (int i = 0; i < ids.size(); i++) {
      var steady = load.get(i);
      String tenant = List.of("acme", "globex", "initech").get(i);
      Terminal reader = demo.terminal(tenant + "-approver");
      reader.types("lockbox evidence %s --out %s.zip".formatted(ids.get(i), tenant)).ends(0);
      String verify =
          "lockbox verify %1$s.zip --pin $(lockbox tenant show %1$s --pin)".formatted(tenant);
      steady.allIn(reader.types(verify).ok());
    }
  }

  /// It knows the old keys alone, so it refuses what the new ones signed, and loses nothing by it.
  private void theWitnessThatWasNotToldGoesOnOnceItIs() throws IOException {
    long both = cosigned(2);
    untilCosigned(1);
    assertThat(cosigned(2)).isEqualTo(both);
    late.signal("TERM");
    late.ends();
    late = witness("late", "both.vkeys", latePort);
    untilCosigned(2);
  }

  @Test
  @Order(2)
  void whatIsRefusedIsRefusedClearly() {
    operator.types("lockbox log-keys").ends(2).says("which step? new, rotate, retire or show");
    operator.types("lockbox log-keys rotate").ends(2).says("--config");
    operator.types("lockbox log-keys show --config none.yaml").ends(2).says("none.yaml");
    operator
        .types(
            "(sed -n 1,/^server:/p ../lockbox.yaml | grep -v ^server:;"
                + " sed -n '/^gateway:/,$p' ../lockbox.yaml) > ../gateway-only.yaml")
        .ends(0);
    operator
        .types("lockbox log-keys show --config ../gateway-only.yaml")
        .ends(2)
        .says("no server section");
    operator.types("chmod 644 ../keys/log.key").ends(0);
    logKeys("show").ends(1).says("can be read by others: chmod 600");
    operator.types("chmod 600 ../keys/log.key").ends(0);
    node.signal("KILL");
    node.ends();
    logKeys("rotate --wait 1")
        .ends(1)
        .says("logs are not handed over yet", "a server that runs with", "log.key.next");
    node = operator.begins("exec lockbox up --config ../lockbox.yaml");
    node.prints("lockbox is up");
    logKeys("rotate").ends(0).says("every log is signed by the next log keys");
  }
}
