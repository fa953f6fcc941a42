package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.core.history.HistoryCheck;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SshKey;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.SshTestKey;
import org.openlockbox.core.testing.TenantFixture;

/// SSH keys sign through the machine's own `ssh-keygen`: from a file, an agent, a security key.
final class SshKeysTest {
  private static final String PATH = System.getenv().getOrDefault("PATH", "/usr/bin");

  @TempDir private Path home;
  private final SettableClock clock = new SettableClock();
  private final TenantFixture acme = new TenantFixture("acme", 1, clock);
  private final TenantFixture.RequestEntry asked = acme.ask(1);
  private final StubServer server = new StubServer();
  private final TenantStub stub = new TenantStub(acme, asked, server);
  private final LogStub log = new LogStub(acme, server);
  private final String id = asked.submission().id().value();

  @BeforeEach
  void annHasHerKeyAndTheToolsAreHere() throws Exception {
    boolean here = exit(List.of("sh", "-c", "command -v ssh-keygen && command -v ssh-agent")) == 0;
    if (!here && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("not here, and CI=true: openssh-client");
    }
    Assumptions.assumeTrue(here, "not here: openssh-client");
    PrivateFile.create(home.resolve("keys/ann.key"), KeyFile.format(acme.key("ann")));
    server.on("POST /v1/tenants/acme/keys", this::added);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String added(String body) {
    log.append(body);
    return "{}";
  }

  private Shell shell() {
    return new Shell(home.resolve("cli"), clock).at(server).with("PATH", PATH);
  }

  private int exit(List<String> words) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(words)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /// A key pair in `home`, by `ssh-keygen`.
  private Path made(String name, String type, String passphrase) throws Exception {
    List<String> words =
        List.of("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", name, "-C", name);
    assertThat(exit(words)).isZero();
    return home.resolve(name);
  }

  private void add(Shell shell, String approver, Path key) {
    var result =
        shell.run("key", "add", approver + "=" + key, "--tenant", "acme", "--key", "ann.key");
    assertThat(result.exit()).as(result.err()).isZero();
  }

  private void assertApproved(Shell.Result result) {
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("proof and checkpoint");
    LogEntry last = LogEntry.parse(acme.log().entry(acme.log().size() - 1));
    assertThat(last.body())
        .isInstanceOfSatisfying(
            RequestEvent.Decided.class,
            decided ->
                assertThat(decided.envelope().signatures().getFirst().scheme())
                    .isEqualTo(Scheme.SSHSIG));
    assertThat(acme.check(asked)).isInstanceOf(HistoryCheck.Valid.class);
  }

  private void assertNothingSent(Shell.Result result, String... words) {
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains(words);
    assertThat(server.asked()).noneMatch(line -> line.startsWith("POST " + stub.path()));
  }

  @Test
  void aPrivateKeyInAFileApproves() throws Exception {
    for (String type : List.of("ed25519", "ecdsa")) {
      add(shell(), type, made(type, type, ""));
    }
    assertApproved(shell().run("approve", id, "--key", home.resolve("ecdsa").toString()));
  }

  /// Its public half is then asked of `ssh-keygen`.
  @Test
  void aPrivateKeyWithoutItsPublicFileWillDo() throws Exception {
    Path key = made("sam", "ed25519", "");
    Files.delete(home.resolve("sam.pub"));
    add(shell(), "sam", key);
    assertApproved(shell().run("approve", id, "--key", key.toString()));
  }

  @Test
  void aKeyInAnAgentApprovesByItsPublicFile() throws Exception {
    Path key = made("sam", "ed25519", "");
    Path pub = home.resolve("sam.pub");
    Path socket = home.resolve("agent");
    add(shell(), "sam", pub);
    Process agent =
        new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      List<String> addKey =
          List.of("sh", "-c", "until SSH_AUTH_SOCK=agent ssh-add sam; do sleep 0.1; done");
      assertThat(exit(addKey)).isZero();
      Files.delete(key);
      assertNothingSent(
          shell().run("approve", id, "--key", pub.toString()),
          "neither beside it nor in an ssh-agent (SSH_AUTH_SOCK names none)",
          "nothing was signed",
          "ssh-add");
      Shell withAgent = shell().with("SSH_AUTH_SOCK", socket.toString());
      assertApproved(withAgent.run("approve", id, "--key", pub.toString()));
    } finally {
      agent.destroy();
      assertThat(agent.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Path publicFile(SshTestKey key) throws IOException {
    return Files.writeString(home.resolve("sk.pub"), SshKey.format(key.key()) + " a key\n");
  }

  @Test
  void aSecurityKeyThatVerifiedItsUserApproves() throws Exception {
    SshTestKey key = SshTestKey.onSecurityKey(Scheme.ECDSA_P256, "ssh:");
    Path socket = home.resolve("agent");
    try (SshAgent _ = new SshAgent(socket, key, SshTestKey.UP_UV)) {
      Shell shell = shell().with("SSH_AUTH_SOCK", socket.toString());
      add(shell, "kim", publicFile(key));
      assertApproved(shell.run("approve", id, "--key", publicFile(key).toString()));
    }
  }

  @Test
  void aSecurityKeyThatWasOnlyTouchedIsNotEvenEnrolled() throws Exception {
    SshTestKey key = SshTestKey.onSecurityKey(Scheme.ED25519, "ssh:");
    Path socket = home.resolve("agent");
    try (SshAgent _ = new SshAgent(socket, key, 0x01)) {
      var result =
          shell()
              .with("SSH_AUTH_SOCK", socket.toString())
              .run("key", "add", "kim=" + publicFile(key), "--tenant", "acme", "--key", "ann.key");
      assertNothingSent(result, "did not verify its user", "-O verify-required", "not used");
      assertThat(server.asked()).noneMatch(line -> line.startsWith("POST"));
    }
  }

  @Test
  void aPublicFileOfAnotherKeyIsNoticedBeforeAnythingIsSent() throws Exception {
    Path key = made("sam", "ed25519", "");
    made("other", "ed25519", "");
    add(shell(), "sam", key);
    Files.copy(
        home.resolve("sam.pub"), home.resolve("other.pub"), StandardCopyOption.REPLACE_EXISTING);
    assertNothingSent(
        shell().run("approve", id, "--key", home.resolve("other").toString()),
        "doesn't match private",
        "nothing was signed");
  }

  @Test
  void withoutSshKeygenItSaysWhatToInstall() throws Exception {
    Path key = made("sam", "ed25519", "");
    add(shell(), "sam", key);
    assertNothingSent(
        shell().with("PATH", home.toString()).run("approve", id, "--key", key.toString()),
        "ssh-keygen is not installed",
        "openssh-client");
  }

  @Test
  void aPrivateKeyThatOthersCanReadIsRefused() throws Exception {
    Path key = made("sam", "ed25519", "");
    assertThat(exit(List.of("chmod", "644", "sam"))).isZero();
    assertNothingSent(
        shell().run("approve", id, "--key", key.toString()), "other users", "chmod 600");
  }

  @Test
  void otherTypesOfKeyAreRefusedWithTheOnesThatWouldDo() throws Exception {
    Path key = made("rsa", "rsa", "");
    var shown = shell().run("key", "show", key + ".pub");
    assertThat(shown.exit()).isEqualTo(1);
    assertThat(shown.err()).contains("ssh-rsa are not accepted", "ssh-keygen -t ed25519");
    assertNothingSent(shell().run("approve", id, "--key", key.toString()), "ssh-rsa");
  }

  @Test
  void keyShowTellsTheSameOfBothFiles() throws Exception {
    Path key = made("sam", "ed25519", "");
    String one = shell().run("key", "show", key.toString(), "-o", "json").out();
    String two = shell().run("key", "show", key + ".pub", "-o", "json").out();
    assertThat(one).contains("\"scheme\":\"sshsig\"");
    assertThat(two.replace(".pub", "")).isEqualTo(one);
  }

  @Test
  void keyNewLeavesSshKeysToSshKeygen() {
    var result = shell().run("key", "new", home.resolve("x").toString(), "--scheme", "sshsig");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("ssh-keygen -t ed25519-sk -O verify-required");
  }
}
