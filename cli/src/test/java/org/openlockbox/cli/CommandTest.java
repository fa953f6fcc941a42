package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.core.testing.SettableClock;

final class CommandTest {
  private static final String REQUEST = "R-7K3F92QX4M";

  @TempDir private Path home;
  private final StubServer server = new StubServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell shell() {
    return new Shell(home, new SettableClock());
  }

  private static String request(String state) {
    return """
    {"id":"%s","state":"%s","tenant":"acme","resource":"helpdesk","level":"masked",
     "expireTime":"2026-01-05T09:30:00Z","engineer":{"id":"eve"},"ticket":"SUP-1"}\
    """
        .formatted(REQUEST, state);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nope",
        "request",
        "request create",
        "request show R-1",
        "approve",
        "psql",
        "verify a.zip",
        "request create --tenant acme --resource helpdesk --level all",
        "verify a.zip --pin 12",
        "connect R-7K3F92QX4M odbc",
        "key remove",
        "request ls -o xml",
        "review R-7K3F92QX4M",
        "request extend R-7K3F92QX4M --for soon",
        "request show R-7K3F92QX4M --server \u200bhttps://elsewhere.example"
      })
  void argumentErrorsExitWith2AndSayHowToGoOn(String typed) {
    var result = shell().at(server).run(typed.split(" ", -1));
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("lockbox: ", "hint: lockbox").doesNotContain("Exception");
    assertThat(result.out()).isEmpty();
    assertThat(server.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "request create",
        "request ls",
        "request show",
        "request watch",
        "request withdraw",
        "request extend",
        "review",
        "approve",
        "deny",
        "revoke",
        "complete",
        "connect",
        "psql",
        "proxy",
        "sessions ls",
        "sessions watch",
        "sessions kill",
        "log",
        "evidence",
        "export",
        "export status",
        "verify",
        "watch",
        "key new",
        "key show",
        "key add",
        "key remove",
        "gateway enroll",
        "gateway renew",
        "gateway revoke",
        "gateway ls",
        "gateway handover",
        "gateway object",
        "tenant create",
        "tenant show",
        "tenant ls",
        "settings show",
        "settings set",
        "witness",
        "whoami",
        "status",
        "completion",
        "version"
      })
  void theHelpOfEveryVerbHasAnExampleAndNamesTheExitCodes(String verb) {
    var result = shell().run((verb + " --help").split(" ", -1));
    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .contains("Example", "lockbox " + verb.split(" ", -1)[0])
        .contains("Exit codes:", "8   the server cannot be reached");
  }

  @Test
  void theHelpOfAVerbBehindAnAliasNamesTheFieldsOnce() {
    var help = shell().run("request", "create", "--help").out();
    assertThat(help.split("Fields with -o json", -1)).hasSize(2);
  }

  @Test
  void aListOfVerbsSaysOfEachAWholeSentence() {
    var groups = " request sessions gateway key tenant policy ticket settings notify webhook";
    for (var group : groups.split(" ", -1)) {
      var help = shell().run((group + " --help").strip().split(" ", -1)).out();
      var verbs = help.substring(help.indexOf("Commands:")).split("\\nE(nvironment|xit)", 2)[0];
      assertThat(verbs.split("\\n(?=  \\S)", -1))
          .as(group)
          .hasSizeGreaterThan(1)
          .allMatch(one -> one.startsWith("Commands:") || one.strip().endsWith("."));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "requst ls, there is no verb 'requst'; did you mean request?, hint: lockbox request --help",
    "request shwo R-7K3F92QX4M, there is no verb 'shwo'; did you mean show?, hint: lockbox request show --help",
    "settings shov, there is no verb 'shov'; did you mean show?, hint: lockbox settings show --help",
    "xyzzy, there is no verb 'xyzzy', lockbox --help",
  })
  void aMistypedVerbIsAnsweredWithTheOneThatIsMeant(String typed, String says, String hint) {
    var result = shell().at(server).run(typed.split(" ", -1));
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains(says, hint).doesNotContain("index 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tenant show acme", "tenant show --tenant acme", "tenant show acme --tenant acme"})
  void aTenantIsAWordOfItsOwnOrAnOption(String typed) {
    server.on("GET /v1/tenants/acme", 200, "{\"id\":\"acme\",\"name\":\"Acme\"}");
    var result = shell().at(server).run(typed.split(" ", -1));
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("Acme");
    for (var verb : new String[] {"settings show", "policy get", "tenant create", "watch"}) {
      assertThat(shell().run((verb + " --help").split(" ", -1)).out()).contains("--tenant=T");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tenant show", "tenant show acme --tenant globex", "settings show"})
  void oneTenantIsNamed(String typed) {
    var result = shell().at(server).run(typed.split(" ", -1));
    assertThat(result.exit()).isEqualTo(2);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void aDeniedRequestSaysWhoDeniedItWhenAndWhy() {
    server.on(
        "GET /v1/requests/" + REQUEST,
        200,
        """
        {"id":"%s","state":"denied","tenant":"acme","resource":"helpdesk","level":"masked",
         "expireTime":"2026-01-05T19:30:00Z","engineer":{"id":"eve"},
         "ended":{"by":"acme-ann","time":"2026-01-05T08:00:00Z"},"comment":"too_much: less, please"}\
        """
            .formatted(REQUEST));
    var shown = shell().at(server).run("request", "show", REQUEST).out();
    assertThat(shown)
        .contains("denied    2026-01-05T08:00:00Z (1 h ago)", "by        acme-ann")
        .contains("it is too much: “less, please”")
        .doesNotContain("too_much", "19:30");
  }

  @Test
  void aListSaysHowLongAndColoursStatesOnATerminal() {
    server.on("GET /v1/requests", 200, "{\"requests\":[%s]}".formatted(request("pending")));
    var plain = shell().at(server).run("request", "ls");
    assertThat(plain.out()).contains("DECIDE BY / ENDS", "decide in ").doesNotContain("\u001b");
    var coloured = shell().at(server).with("CLICOLOR_FORCE", "1").run("request", "ls");
    assertThat(coloured.out()).contains("\u001b[1mpending\u001b[0m");
    var asked =
        shell().at(server).with("CLICOLOR_FORCE", "1").with("NO_COLOR", "1").run("request", "ls");
    assertThat(asked.out()).isEqualTo(plain.out());
  }

  @ParameterizedTest
  @CsvSource({
    "request ls, requests [id",
    "request show, id",
    "sessions ls, sessions [id",
    "request create, id",
    "tenant show, id",
    "tenant ls, tenants [id",
    "approve, id",
    "connect, host",
    "gateway ls, gateways [gateway",
    "key sign, id",
    "log, seq",
    "policy get, mode",
    "whoami, subject"
  })
  void theHelpListsTheFieldsOfJson(String verb, String first) {
    assertThat(shell().run((verb + " --help").split(" ", -1)).out())
        .contains("Fields with -o json: " + first + ", ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--profile eve request ls -o json",
        "--profile=eve -o json request ls",
        "request --profile eve ls -o json",
        "-q request ls --profile eve -o=json",
      })
  void whatEveryCommandTakesMayStandBeforeTheVerb(String typed) {
    PrivateFile.create(
        home.resolve("profiles/eve.properties"), "server=" + server.url() + "\ntoken=lbx_eve\n");
    server.on("GET /v1/requests", 200, "{\"requests\":[]}");
    var result = shell().run(typed.split(" ", -1));
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo("{\"requests\":[]}\n");
  }

  @ParameterizedTest
  @CsvSource({
    "401,,4", "403,,5", "404,,1", "409,waiting,5", "409,denied,5", "409,lapsed,6", "403,expired,6",
    "409,completed,6", "409,revoked,7", "409,conflict,1", "412,,1", "422,,1", "503,,8", "500,,1"
  })
  void problemsBecomeExitCodes(int status, String code, int exit) {
    server.on(
        "GET /v1/whoami",
        status,
        "{\"title\":\"T\",\"detail\":\"what and why\",\"code\":\"%s\",\"hint\":\"do this\"}"
            .formatted(code == null ? "" : code));
    var result = shell().at(server).run("whoami");
    assertThat(result.exit()).isEqualTo(exit);
    assertThat(result.err()).contains("lockbox: what and why", "hint: do this");
  }

  @Test
  void aServerThatIsNotThereIsUnreachable() {
    server.close();
    assertThat(shell().at(server).run("request", "ls").exit()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({
    "pending,5,waiting for acme",
    "denied,5,denied by acme",
    "expired,6,has expired",
    "lapsed,6,lapsed",
    "revoked,7,revoked by acme",
    "completed,6,completed"
  })
  void psqlDialsNothingUnlessApproved(String state, int exit, String words) throws IOException {
    server.on("GET /v1/requests/" + REQUEST, 200, request(state));
    var result =
        shell().at(server).with("PATH", fakePsql(0)).run("psql", REQUEST, "--", "-c", "select 1");
    assertThat(result.exit()).isEqualTo(exit);
    assertThat(result.err()).contains(words);
    assertThat(server.asked()).containsExactly("GET /v1/requests/" + REQUEST);
    assertThat(home.resolve("psql-ran")).doesNotExist();
  }

  /// @param authority the gateway's, as PEM; empty where everybody knows its certificate
  private void answersConnects(String authority) {
    server.on(
        "POST /v1/tenants/acme/requests/" + REQUEST + "/connects",
        200,
        "{\"host\":\"gw.example\",\"port\":8432,\"database\":\"helpdesk\",\"caPem\":\"%s\"}"
            .formatted(authority));
  }

  @Test
  void psqlGetsPrivateFilesAndItsExitCodeComesBack() throws IOException {
    server.on("GET /v1/requests/" + REQUEST, 200, request("approved"));
    answersConnects("PEM");
    var result =
        shell()
            .at(server)
            .with("PATH", fakePsql(3))
            .with("PGHOST", "evil")
            .run("psql", REQUEST, "--", "-c", "x y");
    assertThat(result.exit()).as(result.err()).isEqualTo(3);
    assertThat(Files.readString(home.resolve("psql-ran")))
        .contains(
            "args: -c x y", "sslmode=verify-full", "channel_binding=require", "600 600 600 700")
        .contains("host=gw.example", "user=r7k3f92qx4m_", "pghost: none", "token: none");
    Path files = Path.of(Files.readString(home.resolve("psql-dir")).strip());
    assertThat(files).doesNotExist();
  }

  @Test
  void aMissingPsqlIsOneSentenceWithThePackage() {
    var result = shell().at(server).with("PATH", home.toString()).run("psql", REQUEST);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("postgresql-client").hasLineCount(1);
  }

  @Test
  void connectKeepsThePasswordOutUnlessAUrlIsAskedFor() {
    server.on("GET /v1/requests/" + REQUEST, 200, request("approved"));
    answersConnects("PEM");
    assertThat(shell().at(server).run("connect", REQUEST, "url").out())
        .matches(
            "(?s)postgresql://r7k3f92qx4m_[0-9a-f]{8}:[A-Za-z0-9_-]{32}@gw.example:8432/helpdesk\\?.*");
    Path file = home.resolve("connections").resolve(REQUEST).resolve("pgpass");
    for (String form : new String[] {"env", "jdbc", "psql-service"}) {
      String out = shell().at(server).run("connect", REQUEST, form).out();
      for (String line : PrivateFile.read(file, "password file").lines().toList()) {
        assertThat(out).doesNotContain(line.substring(line.lastIndexOf(':') + 1));
      }
    }
  }

  @Test
  void theLoginsOfBeforeKeepTheirPasswords() {
    server.on("GET /v1/requests/" + REQUEST, 200, request("approved"));
    answersConnects("");
    String first = shell().at(server).run("connect", REQUEST, "env").out();
    for (int i = 0; i < 19; i++) {
      shell().at(server).run("connect", REQUEST, "env");
    }
    Path file = home.resolve("connections").resolve(REQUEST).resolve("pgpass");
    String user = first.replaceFirst("(?s).*PGUSER=(\\S+).*", "$1");
    assertThat(PrivateFile.read(file, "password file")).hasLineCount(20).contains(":" + user + ":");
    shell().at(server).run("connect", REQUEST, "env");
    assertThat(PrivateFile.read(file, "password file"))
        .hasLineCount(20)
        .doesNotContain(":" + user + ":");
  }

  @Test
  void aCertificateThatEverybodyKnowsIsCheckedWithTheSystemsAuthorities() {
    server.on("GET /v1/requests/" + REQUEST, 200, request("approved"));
    answersConnects("");
    assertThat(shell().at(server).run("connect", REQUEST, "env").out())
        .contains("export PGSSLMODE=verify-full", "export PGSSLROOTCERT='system'");
    assertThat(shell().at(server).run("connect", REQUEST, "jdbc").out())
        .contains("sslmode=verify-full", "sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory");
    assertThat(shell().at(server).run("connect", REQUEST, "url").out())
        .contains("sslmode=verify-full")
        .doesNotContain("sslrootcert");
  }

  @Test
  void listsAreOneLineForEachWithAHeading() {
    server.on(
        "GET /v1/requests",
        200,
        "{\"requests\":[" + request("approved") + "," + request("pending") + "]}");
    var table = shell().at(server).run("request", "ls");
    assertThat(table.out().lines()).hasSize(3);
    var json = shell().at(server).run("request", "ls", "-o", "json");
    assertThat(json.out())
        .startsWith("{\"requests\":[{")
        .contains("\"state\":\"approved\"")
        .hasLineCount(1);
  }

  @Test
  void aProfileThatOthersCanReadIsNotUsed() throws IOException {
    Path profile = home.resolve("profiles/engineer.properties");
    PrivateFile.create(profile, "server=" + server.url() + "\ntoken=lbx_x\n");
    server.on("GET /v1/whoami", 200, "{\"subject\":\"eve\",\"roles\":[\"engineer\"]}");
    assertThat(shell().with("LOCKBOX_PROFILE", "engineer").run("whoami").exit()).isZero();
    assertThat(server.header("Authorization")).isEqualTo("Bearer lbx_x");
    assertThat(shell().run("whoami", "--profile", "engineer").exit()).isZero();
    assertThat(shell().with("LOCKBOX_PROFILE", "nobody").run("whoami").exit()).isEqualTo(4);
    Files.setPosixFilePermissions(profile, PosixFilePermissions.fromString("rw-r--r--"));
    var refused = shell().run("whoami", "--profile", "engineer");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("other users", "chmod 600");
  }

  @Test
  void environmentComesBeforeTheProfileAndAFlagBeforeBoth() {
    PrivateFile.create(
        home.resolve("profiles/e.properties"), "server=http://127.0.0.1:1\ntoken=old\n");
    server.on("GET /v1/whoami", 200, "{\"subject\":\"eve\"}");
    var env = shell().with("LOCKBOX_PROFILE", "e").with("LOCKBOX_SERVER", server.url());
    assertThat(env.run("whoami").exit()).isZero();
    var flag = shell().with("LOCKBOX_PROFILE", "e").with("LOCKBOX_SERVER", "http://127.0.0.1:1");
    assertThat(flag.run("whoami", "--server", server.url()).exit()).isZero();
  }

  @Test
  void aTokenIsNotSentInTheClearToAnotherMachine() {
    var result =
        shell().with("LOCKBOX_TOKEN", "x").run("whoami", "--server", "http://lockbox.example");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("use https");
  }

  @Test
  void aNewKeyIsPrivateAndNeverOverwritten() throws IOException {
    Path file = home.resolve("a.key");
    assertThat(shell().run("key", "new", file.toString()).exit()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(shell().run("key", "new", file.toString()).exit()).isEqualTo(2);
    assertThat(shell().run("key", "show", file.toString(), "--pem").out())
        .contains("PUBLIC")
        .doesNotContain("PRIVATE");
  }

  /// A psql that writes down what it was given.
  private String fakePsql(int exit) throws IOException {
    Path bin = Files.createDirectories(home.resolve("bin"));
    Path psql = bin.resolve("psql");
    Files.writeString(
        psql,
        """
        #!/bin/sh
        d=$(dirname "$PGSERVICEFILE")
        { echo "args: $*"; cat "$PGSERVICEFILE"
          echo $(stat -c %%a "$PGSERVICEFILE" "$PGPASSFILE" "$d/ca.pem" "$d")
          echo "pghost: ${PGHOST:-none}"; echo "token: ${LOCKBOX_TOKEN:-none}"; } >%1$s/psql-ran
        echo "$d" >%1$s/psql-dir
        exit %2$d
        """
            .formatted(home, exit));
    Files.setPosixFilePermissions(psql, PosixFilePermissions.fromString("rwx------"));
    return bin + ":/usr/bin:/bin";
  }
}
