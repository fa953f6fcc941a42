package org.openlockbox.e2e.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.InitHost;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.Typed;
import org.openlockbox.node.process.Ports;

/// An installation of an older program is upgraded server by server and gateway by gateway while a
/// session runs, with both programs beside each other over one database; then it goes back.
///
/// The older program is the oldest of this clone's history whose tables are the first ones of
/// today.
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NeighboursTest {
  private static final String ROWS = "-- -Atc 'select count(*) from customers'";

  /// Two questions of the session that goes on.
  private static final Duration BETWEEN = Duration.ofMillis(200);

  private static final Duration TOLD_WITHIN = Duration.ofSeconds(30);

  private static final String APPLY =
      """
      lockbox resource plan shop --config etc/gateway.yaml >fence.sql
      psql -q -d shop -v ON_ERROR_STOP=1 -f fence.sql
      """;

  private final InitHost older = InitHost.make("neighbours", Distribution.older());
  private final InitHost today = older.with(Distribution.get().directory());
  private final int secondPort = Ports.free();
  private final List<String> asked = new ArrayList<>();
  private Typed first = older.begins("exec true");
  private Typed second = older.begins("exec true");
  private Typed gateway = older.begins("exec true");
  private Typed session = older.begins("exec true");
  private String begun = "";
  private int olderTables;

  @BeforeAll
  void startTheOlderOne() {
    first = older.starts("server");
    gateway = older.starts("gateway");
    older.foundsAcme();
    olderTables = tables();
    begun = older.asksAndApproves();
    older.types("LOCKBOX_PROFILE=anna lockbox evidence %s --out before.zip".formatted(begun)).ok();
    session = older.begins("LOCKBOX_PROFILE=engineer exec lockbox psql %s -- -At".formatted(begun));
    goesOn();
  }

  @AfterAll
  void stop() {
    older.close();
  }

  /// Number of the newest migration.
  private int tables() {
    String newest = "select max(version::int) from flyway_schema_history";
    return Integer.parseInt(
        older.types("psql -Atd lockbox -c '%s'".formatted(newest)).ok().strip());
  }

  /// The session that began before everything is answered, once for each question.
  private void goesOn() {
    asked.add("answer" + asked.size());
    session.types("select 'ans' || 'wer%d';".formatted(asked.size() - 1)).prints(asked.getLast());
  }

  /// Asks at one server and approves at another; answers the request's id.
  private String asksAndApproves(InitHost asker, int askedAt, InitHost approver, int approvedAt) {
    String request =
        asker
            .types(
                """
                LOCKBOX_SERVER=https://localhost:%d LOCKBOX_PROFILE=engineer lockbox request create \
                    --tenant acme --resource shop --level masked --for PT30M --purpose customer_ticket \
                    --ticket SUP-1 --reason "Order not shown" -o json
                """
                    .formatted(askedAt))
            .json()
            .text("id");
    approver
        .types(
            "LOCKBOX_SERVER=https://localhost:%d LOCKBOX_PROFILE=anna lockbox approve %s --key anna.key"
                .formatted(approvedAt, request))
        .ok();
    return request;
  }

  private static void sees(InitHost by, int server, String request) {
    String line =
        "LOCKBOX_SERVER=https://localhost:%d LOCKBOX_PROFILE=engineer lockbox psql %s %s"
            .formatted(server, request, ROWS);
    assertThat(by.types(line).ok()).isEqualTo("2\n");
  }

  /// Writes a configuration beside the one that `init` made.
  private void derives(String from, String to, String... exchanges) throws IOException {
    Path etc = older.directory().resolve("etc");
    String text = Files.readString(etc.resolve(from));
    for (int i = 0; i < exchanges.length; i += 2) {
      assertThat(text).contains(exchanges[i]);
      text = text.replace(exchanges[i], exchanges[i + 1]);
    }
    Files.writeString(etc.resolve(to), text);
  }

  private static void stops(Typed part) {
    part.signal("TERM");
    part.ends().ends(143);
  }

  @Test
  @Order(1)
  void todaysServerJoinsTheOlderOneAndASessionNoticesNothing() throws Exception {
    String port = ":" + older.serverPort();
    derives(
        "server.yaml", "server-2.yaml", port, ":" + secondPort, "lib/lockbox-server'", "lib/2'");
    derives("gateway.yaml", "gateway-2.yaml", port, ":" + secondPort);
    var goingOn = new Thread(this::goOnUntilInterrupted);
    goingOn.start();
    today
        .types(
            """
            install -d -m 700 lib/2
            cp -p lib/lockbox-server/wrapping-key lib/2/
            lockbox remember --config etc/server-2.yaml
            """)
        .ok();
    second = today.starts("server-2");
    assertThat(tables()).isGreaterThan(olderTables);
    goingOn.interrupt();
    goingOn.join();
    goesOn();
    assertThat(session.out().lines()).isEqualTo(asked);
  }

  private void goOnUntilInterrupted() {
    while (!Thread.currentThread().isInterrupted()) {
      goesOn();
      LockSupport.parkNanos(BETWEEN.toNanos());
    }
  }

  @Test
  @Order(2)
  void whatOneServerTakesTheOtherOneDecides() {
    int port = older.serverPort();
    sees(older, port, asksAndApproves(today, secondPort, older, port));
    sees(older, port, asksAndApproves(older, port, today, secondPort));
    sees(today, secondPort, asksAndApproves(today, port, today, port));
    sees(today, port, asksAndApproves(older, secondPort, older, secondPort));
    goesOn();
  }

  @Test
  @Order(3)
  void aRevocationAtOneServerEndsWhatTheOtherOneLeases() {
    String id = asksAndApproves(older, older.serverPort(), older, older.serverPort());
    var open = older.begins("LOCKBOX_PROFILE=engineer exec lockbox psql %s -- -At".formatted(id));
    open.types("select 'op' || 'en';").prints("open");
    today
        .types(
            "LOCKBOX_SERVER=https://localhost:%d LOCKBOX_PROFILE=anna lockbox revoke %s --key anna.key"
                .formatted(secondPort, id))
        .ok();
    // psql says what it was told when it is asked again
    Pause.until("the session to be told", TOLD_WITHIN, () -> isTold(open));
    open.ends();
    goesOn();
  }

  private static boolean isTold(Typed open) {
    boolean told = open.err().contains("revoked");
    if (!told) {
      open.types("select 1;");
    }
    return told;
  }

  @Test
  @Order(4)
  void theFirstSessionEndsByItselfWithEachAnswer() {
    try {
      session.types("\\q");
      assertThat(session.ends().ok().lines()).isEqualTo(asked);
    } finally {
      stops(gateway);
    }
  }

  @Test
  @Order(5)
  void anOlderGatewayWorksWithTodaysServer() {
    gateway = older.starts("gateway-2");
    sees(today, secondPort, asksAndApproves(today, secondPort, today, secondPort));
    sees(older, older.serverPort(), asksAndApproves(older, older.serverPort(), older, secondPort));
    stops(gateway);
  }

  /// The fence may have changed between the two. `docs/upgrade.md`, *A new fence*: no gateway runs
  /// while today's plan takes the older one's place. The same plan once more disturbs nobody.
  @Test
  @Order(6)
  void todaysGatewayWorksWithTheOlderServer() {
    today.types(APPLY).ok();
    gateway = today.starts("gateway");
    String id = asksAndApproves(today, secondPort, today, secondPort);
    String psql = "LOCKBOX_PROFILE=engineer lockbox psql %s %s".formatted(id, ROWS);
    assertThat(today.types(psql).ok()).isEqualTo("2\n");
    today.types(APPLY).ok();
    assertThat(today.types(psql).ok()).isEqualTo("2\n");
    sees(older, older.serverPort(), asksAndApproves(older, older.serverPort(), today, secondPort));
    stops(gateway);
  }

  @Test
  @Order(7)
  void theOlderServerGoesAndAllIsOfToday() {
    stops(first);
    gateway = today.starts("gateway-2");
    String id = asksAndApproves(today, secondPort, today, secondPort);
    sees(today, secondPort, id);
    verifies(today, secondPort, id, "today.zip");
    stops(gateway);
    stops(second);
  }

  /// The way back without a backup: the older program over the newer tables.
  @Test
  @Order(8)
  void theOlderProgramTakesTheNewerTablesAgain() {
    first = older.starts("server");
    assertThat(tables()).isGreaterThan(olderTables);
    older.types(APPLY).ok();
    gateway = older.starts("gateway");
    String id = older.asksAndApproves();
    sees(older, older.serverPort(), id);
    verifies(older, older.serverPort(), id, "back.zip");
  }

  /// The new bundle, and that from before everything, are true for both programs' verifiers.
  private void verifies(InitHost by, int server, String id, String bundle) {
    by.types(
            "LOCKBOX_SERVER=https://localhost:%d LOCKBOX_PROFILE=anna lockbox evidence %s --out %s"
                .formatted(server, id, bundle))
        .ok();
    String pin =
        by.types(
                "LOCKBOX_SERVER=https://localhost:%d LOCKBOX_PROFILE=anna lockbox tenant show acme --pin"
                    .formatted(server))
            .ok()
            .strip();
    for (InitHost verifier : List.of(older, today)) {
      for (String zip : List.of("before.zip", bundle)) {
        verifier.types("lockbox verify %s --pin %s".formatted(zip, pin)).ok();
      }
    }
  }
}
