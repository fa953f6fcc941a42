package org.openlockbox.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openlockbox.e2e.faults.DoctorsWords.Finding;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.Pause;

/// Each part that an operator looks after fails for real, and a real Prometheus watches. The alert
/// of the part fires, a panel of the dashboard shows it, and `lockbox doctor` names the part and
/// the next step. Once the part is mended, the alert ends and doctor is content.
///
/// What was seen goes to `target/results/faults-seen.md`.
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsSeenTest {
  /// Far more than any shortened alert takes.
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
  private static final String HEADER =
      """
      ## Faults seen by Prometheus, the dashboard and doctor

      | fault | alert, seconds until it fired | panel, before and during | doctor's words |
      |---|---|---|---|
      """;

  private final List<String> seen = new ArrayList<>();
  private final Dashboard dashboard = new Dashboard(read("monitoring/dashboard.json"));
  private WatchedHost host;
  private Prometheus prometheus;

  private static String read(String file) {
    try {
      return Files.readString(Distribution.home().resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What must be seen of a fault.
  ///
  /// @param panel its title; `shows` holds for one of its values during the fault alone
  private record Fault(String words, String alert, String panel, DoublePredicate shows) {
    boolean isShownBy(List<Double> values) {
      return values.stream().anyMatch(shows::test);
    }
  }

  @FunctionalInterface
  private interface Step {
    void take() throws IOException;
  }

  @BeforeAll
  void start() throws IOException {
    host = new WatchedHost();
    prometheus = new Prometheus(host.host(), read("monitoring/alerts.yaml"), host.jobs());
  }

  @AfterAll
  void stop() throws IOException {
    Path results = Files.createDirectories(Distribution.home().resolve("e2e/target/results"));
    Files.writeString(results.resolve("faults-seen.md"), HEADER + String.join("", seen));
    prometheus.close();
    host.close();
  }

  @BeforeEach
  void allIsWell() {
    host.awaits(WatchedHost.SERVER);
    host.awaits(WatchedHost.GATEWAY);
    Pause.until("all is seen, and no alert is left", PATIENCE, () -> looks(this::isWell));
  }

  private boolean isWell() {
    return prometheus.values("up == 1").size() == host.jobs().size()
        && Stream.of("Servers ready", "Gateways ready").noneMatch(it -> panel(it).contains(0.0))
        && prometheus.firing().isEmpty();
  }

  private void sees(
      Fault fault, Step cause, Supplier<DoctorsWords> doctor, String subject, Step mend)
      throws IOException {
    List<Double> before = panel(fault.panel);
    assertThat(fault.isShownBy(before)).as("%s before: %s", fault.panel, before).isFalse();
    assertThat(doctor.get().of(subject).severity()).isNotEqualTo("broken");
    cause.take();
    try {
      isSeen(fault, before, () -> doctor.get().of(subject));
    } finally {
      mend.take();
    }
    Pause.until(
        fault.alert + " ends",
        PATIENCE,
        () -> looks(() -> !prometheus.firing().contains(fault.alert)));
    Pause.until(
        "doctor is content with " + subject,
        PATIENCE,
        () -> !doctor.get().of(subject).severity().equals("broken"));
  }

  private void isSeen(Fault fault, List<Double> before, Supplier<Finding> doctor) {
    Duration after = fires(fault.alert);
    Pause.until(
        fault.panel + " shows it, not " + before,
        PATIENCE,
        () -> looks(() -> fault.isShownBy(panel(fault.panel))));
    List<Double> during = panel(fault.panel);
    Finding said = doctor.get();
    String panel = "%s: %s, then %s".formatted(fault.panel, shown(before), shown(during));
    seen.add(row(fault, after, panel, said));
    assertThat(said.isWell()).as(said::toString).isFalse();
    assertThat(said.next()).isNotEmpty();
  }

  private static boolean looks(BooleanSupplier fact) {
    LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    return fact.getAsBoolean();
  }

  private Duration fires(String alert) {
    Instant begun = Instant.now();
    Pause.until(alert + " fires", PATIENCE, () -> looks(() -> prometheus.firing().contains(alert)));
    return Duration.between(begun, Instant.now());
  }

  /// The values that a panel shows.
  private List<Double> panel(String title) {
    return dashboard.expressions(title).stream()
        .flatMap(expression -> prometheus.values(expression).stream())
        .toList();
  }

  private static String shown(List<Double> values) {
    return values.stream()
        .map(value -> value < 1000 ? "%.0f".formatted(value) : "%.1e".formatted(value))
        .collect(Collectors.joining(" and "));
  }

  private static String row(Fault fault, Duration after, String panel, Finding said) {
    return "| %s | `%s`, %d s | %s | *%s %s*: %s → %s |\n"
        .formatted(
            fault.words,
            fault.alert,
            after.toSeconds(),
            panel,
            said.severity(),
            said.subject(),
            said.text(),
            said.next());
  }

  private static boolean isZero(double value) {
    return value < 1;
  }

  @Test
  void aServerThatIsKilled() throws IOException {
    sees(
        new Fault(
            "the server is killed (`kill -9`)",
            "LockboxDown",
            "Servers ready",
            FaultsSeenTest::isZero),
        () -> host.kills(WatchedHost.SERVER),
        () -> host.doctor(WatchedHost.SERVER),
        "server",
        () -> host.starts(WatchedHost.SERVER));
  }

  @Test
  void aGatewayThatIsKilled() throws IOException {
    sees(
        new Fault(
            "the gateway is killed (`kill -9`)",
            "LockboxDown",
            "Gateways ready",
            FaultsSeenTest::isZero),
        () -> host.kills(WatchedHost.GATEWAY),
        () -> host.doctor(WatchedHost.GATEWAY),
        "gateway",
        () -> host.starts(WatchedHost.GATEWAY));
  }

  @Test
  void aPrimaryThatIsStopped() throws IOException {
    sees(
        new Fault(
            "the primary is stopped (`pg_ctl stop -m immediate`)",
            "LockboxServerNotReady",
            "Servers ready",
            FaultsSeenTest::isZero),
        host::stopsPrimary,
        () -> host.doctor(WatchedHost.SERVER),
        "database",
        host::startsPrimary);
  }

  @Test
  void aPrimaryThatHangs() throws IOException {
    sees(
        new Fault(
            "the primary hangs (`kill -STOP` of all its processes)",
            "LockboxServerNotReady",
            "Servers ready",
            FaultsSeenTest::isZero),
        () -> host.signalsPrimary("STOP"),
        () -> host.doctor(WatchedHost.SERVER),
        "database",
        () -> host.signalsPrimary("CONT"));
  }

  @Test
  void aNetworkThatIsCutUnderASession() throws Exception {
    try (var _ = host.opensASession()) {
      sees(
          new Fault(
              "the same while a session is open",
              "LockboxLeaseLapsed",
              "Lease age",
              age -> age > 1),
          host::cutsNetwork,
          () -> host.doctor(WatchedHost.GATEWAY),
          "control plane",
          host::mendsNetwork);
    }
  }

  @Test
  void aCertificateThatIsNearlyOver() throws IOException {
    sees(
        new Fault(
            "a certificate that ends within a day replaces the gateway's",
            "LockboxCertificateOver",
            "Certificates: time left",
            left -> left < 86_400),
        host::shortensCertificate,
        () -> host.doctor(WatchedHost.GATEWAY),
        "gateway TLS certificate",
        host::restoresCertificate);
  }

  @Test
  void aNetworkThatIsCut() throws IOException {
    sees(
        new Fault(
            "the network between gateway and server is cut",
            "LockboxGatewayNotReady",
            "Gateways ready",
            FaultsSeenTest::isZero),
        host::cutsNetwork,
        () -> host.doctor(WatchedHost.GATEWAY),
        "control plane",
        host::mendsNetwork);
  }

  @Test
  void aDiskThatIsFull() throws IOException {
    sees(
        new Fault(
            "the disk under the server's state is filled",
            "LockboxDiskFull",
            "Free disk under the state",
            value -> value < 1 << 20),
        host::fillsDisk,
        () -> host.doctor(WatchedHost.SERVER),
        "disk",
        host::emptiesDisk);
  }

  @Test
  void aMailServerThatIsStopped() throws IOException {
    sees(
        new Fault(
            "the mail server is stopped, and an approver is to be told",
            "LockboxDeliveriesLate",
            "Oldest that is due",
            value -> value > 90),
        () -> {
          host.stopsMail();
          host.asks();
        },
        () -> host.doctor(WatchedHost.SERVER),
        "mail",
        host::startsMail);
  }

  @Test
  void anIssuerThatIsStopped() throws IOException {
    sees(
        new Fault(
            "the issuer is stopped; nobody signs in",
            "LockboxIssuerSilent",
            "Issuers without an answer",
            value -> value > 19),
        host::stopsIssuer,
        () -> host.doctor(WatchedHost.SERVER),
        "issuer acme",
        host::startsIssuer);
  }

  @Test
  void aGatewaysClockThatIsSet() throws IOException {
    host.startsWithItsOwnClock(WatchedHost.GATEWAY);
    allIsWell();
    sees(
        clock("the clock of the gateway's host is set 90 s ahead"),
        () -> host.setsClock("+90s"),
        () -> host.doctorByItsClock(WatchedHost.GATEWAY),
        "server clock",
        () -> host.setsClock("+0s"));
  }

  @Test
  void aServersClockThatIsSet() throws IOException {
    host.startsWithItsOwnClock(WatchedHost.SERVER);
    allIsWell();
    sees(
        clock("the clock of the server's host is set 90 s ahead"),
        () -> host.setsClock("+90s"),
        () -> host.doctorByItsClock(WatchedHost.SERVER),
        "database clock",
        () -> host.setsClock("+0s"));
  }

  private static Fault clock(String words) {
    return new Fault(
        words, "LockboxClockApart", "Clocks: ahead of Prometheus", value -> value > 60);
  }
}
