package org.openlockbox.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openlockbox.demo.mail.MailSink;
import org.openlockbox.e2e.harness.EmptyHost;
import org.openlockbox.e2e.harness.InitHost;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.PostgresUrl;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.e2e.harness.Typed;
import org.openlockbox.node.process.Ports;

/// A server and a gateway as `lockbox init` makes them, with a mail server, an issuer, a network
/// between both, and a small disk under what the server writes. Each of these can fail by itself.
final class WatchedHost implements AutoCloseable {
  static final String SERVER = "server";
  static final String GATEWAY = "gateway";

  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final String FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

  private final InitHost host = InitHost.make("faults");
  private final Path disk = Files.createTempDirectory("lockbox-disk");
  private final Terminal outside =
      EmptyHost.shell(Map.of("PATH", System.getenv("PATH")), host.directory());
  private final Map<String, Integer> management = new HashMap<>();
  private final Map<String, Typed> running = new HashMap<>();
  private final int mailPort = Ports.free();
  private final SmallIssuer issuer = new SmallIssuer(Ports.free());
  private final CutCable network = new CutCable(host.serverPort());
  private MailSink mail = mailServer();

  WatchedHost() throws IOException {
    try {
      mountDisk();
      configure();
      starts(SERVER);
      starts(GATEWAY);
      host.foundsAcme();
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private MailSink mailServer() throws IOException {
    return MailSink.start(mailPort, host.directory().resolve("mail"));
  }

  private void mountDisk() throws IOException {
    outside.needs("command -v mkfs.ext4 && [ \"$(id -u)\" = 0 ]", "e2fsprogs, and root");
    outside
        .types(
            """
            set -e
            truncate -s 1500M %1$s.img
            mkfs.ext4 -q -m 0 -F %1$s.img
            mount -o loop %1$s.img %1$s
            rmdir %1$s/lost+found
            cp -a lib/lockbox-server %1$s/state
            """
                .formatted(disk))
        .ok();
  }

  private void configure() throws IOException {
    Files.writeString(host.directory().resolve("etc/issuer.secret"), "a secret of the issuer\n");
    outside.types("chmod 600 etc/issuer.secret").ok();
    change(
        SERVER,
        Map.of(
            "(?m)^state: '?[^ #']+'?",
            "state: '" + disk.resolve("state") + "'",
            "(?m)^ *#mail: .*$",
            "  mail: {host: 127.0.0.1, port: %d, startTls: false, from: lockbox@example.com}"
                .formatted(mailPort),
            "(?m)^ *#issuers: .*$",
            """
              issuers: [{name: acme, tenant: acme, url: '%s', client: lockbox, \
            secret: {file: issuer.secret}, domains: [acme.example]}]\
            """
                .formatted(issuer.url())));
    change(GATEWAY, Map.of("localhost:" + host.serverPort(), "localhost:" + network.port()));
  }

  private void change(String part, Map<String, String> exchanges) throws IOException {
    Path file = host.directory().resolve("etc/" + part + ".yaml");
    String text = Files.readString(file);
    for (var exchange : exchanges.entrySet()) {
      String changed = text.replaceAll(exchange.getKey(), exchange.getValue());
      assertThat(changed).as(exchange.getKey() + "\n" + text).isNotEqualTo(text);
      text = changed;
    }
    int port = Ports.free();
    management.put(part, port);
    Files.writeString(file, text + "\nmanagement: {listen: \"127.0.0.1:%d\"}\n".formatted(port));
  }

  InitHost host() {
    return host;
  }

  /// The management ports, by the jobs of docs/monitoring.md.
  Map<String, Integer> jobs() {
    return Map.of("lockbox-server", port(SERVER), "lockbox-gateway", port(GATEWAY));
  }

  private int port(String part) {
    return management.getOrDefault(part, 0);
  }

  /// Starts a part and waits until it says that it is ready.
  void starts(String part) {
    begins(part, "exec lockbox up --config etc/" + part + ".yaml");
  }

  private void begins(String part, String line) {
    var begun = host.begins(line);
    running.put(part, begun);
    begun.prints("lockbox is up");
    awaits(part);
  }

  /// Waits until a part says that it is ready.
  void awaits(String part) {
    String ready = "curl -sf -o ready http://127.0.0.1:%d/readyz".formatted(port(part));
    Pause.until(part + " is ready", READY_WITHIN, () -> outside.types(ready).exit() == 0);
  }

  private Typed part(String name) {
    return List.of(running.get(name)).getFirst();
  }

  /// `kill -9`.
  void kills(String part) {
    part(part).signal("KILL");
    part(part).ends();
  }

  /// Starts a part anew, on a host whose clock the test sets.
  void startsWithItsOwnClock(String part) throws IOException {
    outside.needs("test -e " + FAKETIME, "libfaketime");
    setsClock("+0");
    part(part).signal("TERM");
    part(part).ends();
    begins(
        part,
        "export %s; exec lockbox up --config etc/%s.yaml"
            .formatted(clock("FAKETIME_TIMESTAMP_FILE=" + clockFile()), part));
  }

  /// Sets the clock of that host by so many seconds while the part runs.
  void setsClock(String offset) throws IOException {
    Path fresh = host.directory().resolve("clock.fresh");
    Files.writeString(fresh, offset + "\n");
    Files.move(fresh, clockFile(), StandardCopyOption.ATOMIC_MOVE);
  }

  private Path clockFile() {
    return host.directory().resolve("clock");
  }

  /// What has a program see another time of day. The monotonic clock goes on as it did; without the
  /// last of these, libfaketime has each wait of a JVM end at once.
  private static String clock(String which) {
    return "LD_PRELOAD=%s FAKETIME_CACHE_DURATION=1 FAKETIME_DONT_FAKE_MONOTONIC=1 %s FAKETIME_FORCE_MONOTONIC_FIX=0"
        .formatted(FAKETIME, which);
  }

  void stopsPrimary() {
    host.cluster().close();
  }

  void startsPrimary() {
    host.cluster().begin();
  }

  /// To all processes of the primary.
  void signalsPrimary(String name) {
    outside
        .types(
            """
            main=$(head -n 1 postgres/data/postmaster.pid)
            kill -%s $main $(pgrep -P $main)
            """
                .formatted(name))
        .ok();
  }

  /// A session of an engineer at the gateway.
  Connection opensASession() throws SQLException {
    String request = host.asksAndApproves();
    var url = host.types("LOCKBOX_PROFILE=engineer lockbox connect %s url".formatted(request)).ok();
    return PostgresUrl.of(url.lines().findFirst().orElseThrow()).connect();
  }

  void shortensCertificate() {
    host.types(
            """
            cp etc/gateway/tls.pem kept.pem
            openssl req -new -key etc/gateway/tls.key -subj /CN=localhost -addext subjectAltName=DNS:localhost \
                | openssl x509 -req -CA etc/ca.pem -CAkey etc/authority/ca.key -days 1 \
                    -copy_extensions copy -out short.pem
            cat short.pem >etc/gateway/tls.pem
            """)
        .ok();
  }

  void restoresCertificate() {
    outside.types("cat kept.pem >etc/gateway/tls.pem").ok();
  }

  void cutsNetwork() {
    network.cut();
  }

  void mendsNetwork() {
    network.mend();
  }

  /// Fills the disk to its last byte.
  void fillsDisk() {
    outside.types(
        """
        fallocate -l $(df --output=avail -B1 %1$s | tail -n 1) %1$s/filled
        dd if=/dev/zero of=%1$s/filled-too bs=4k 2>/dev/null
        """
            .formatted(disk));
    assertThat(outside.types("df --output=avail -B1 %s | tail -n 1".formatted(disk)).ok().strip())
        .isEqualTo("0");
  }

  void emptiesDisk() {
    outside.types("rm -f %1$s/filled %1$s/filled-too".formatted(disk)).ok();
  }

  void stopsMail() {
    mail.close();
  }

  void startsMail() throws IOException {
    mail = mailServer();
  }

  void stopsIssuer() {
    issuer.close();
  }

  void startsIssuer() {
    issuer.begin();
  }

  /// An engineer asks for access, of which an approver is told by mail.
  void asks() {
    host.types(
            """
            LOCKBOX_PROFILE=engineer lockbox request create --tenant acme --resource shop \
                --level masked --for PT30M --purpose customer_ticket --ticket SUP-1 \
                --reason "Order not shown" -o json
            """)
        .ok();
  }

  /// What `lockbox doctor` says of a part, as JSON.
  DoctorsWords doctor(String part) {
    return DoctorsWords.read(
        host.types("lockbox doctor --config etc/%s.yaml -o json".formatted(part)));
  }

  /// The same on a host with a clock that was set.
  DoctorsWords doctorByItsClock(String part) {
    return DoctorsWords.read(
        host.types(
            "export %s; lockbox doctor --config etc/%s.yaml -o json"
                .formatted(clock("FAKETIME_TIMESTAMP_FILE=" + clockFile()), part)));
  }

  @Override
  public void close() {
    network.close();
    issuer.close();
    mail.close();
    host.close();
    outside.types("umount %1$s; rm -rf %1$s %1$s.img".formatted(disk));
  }
}
