package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.testing.SettableClock;

final class LoginCommandTest {
  private static final String BEGUN =
      """
      {"issuer":"vendor","wrappedBy":"k1","device":"AAAA","userCode":"WDJB-MJHT","page":"https://login.example/device",
       "every":1}""";

  @TempDir Path home;
  private final StubServer server = new StubServer();
  private final AtomicInteger looks = new AtomicInteger();

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell.Result run(String... words) {
    return new Shell(home, new SettableClock()).run(words);
  }

  private void signsInAtTheSecondLook() {
    server.on("POST /v1/sign-in/device", body -> BEGUN);
    server.on(
        "POST /v1/sign-in/device/look",
        body ->
            looks.incrementAndGet() == 1
                ? "{\"state\":\"waiting\",\"slower\":false}"
                : "{\"state\":\"signed-in\",\"token\":\"lbv_secret\",\"subject\":\"kim\",\"name\":\"Kim\"}");
  }

  @Test
  void aFirstSignInMakesAProfileThatIsUsedFromThenOn() throws IOException {
    signsInAtTheSecondLook();
    Shell.Result result = run("login", "--server", server.url());
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.err())
        .contains("https://login.example/device", "WDJB-MJHT", "signed in as Kim")
        .doesNotContain("lbv_secret");
    Path profile = home.resolve("profiles/me.properties");
    assertThat(Files.readString(profile))
        .isEqualTo("server=" + server.url() + "\ntoken=lbv_secret\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(profile)))
        .isEqualTo("rw-------");
    server.on("GET /v1/whoami", 200, "{\"subject\":\"kim\",\"name\":\"Kim\",\"roles\":[]}");
    assertThat(run("whoami").exit()).isZero();
    assertThat(server.header("Authorization")).isEqualTo("Bearer lbv_secret");
  }

  @Test
  void aLaterSignInKeepsWhatTheProfileSays() throws IOException {
    signsInAtTheSecondLook();
    run("login", "--server", server.url());
    Path profile = home.resolve("profiles/me.properties");
    Files.writeString(profile, "server=" + server.url() + "\nkey=mine.key\n");
    looks.set(0);
    assertThat(run("login").exit()).isZero();
    assertThat(Files.readString(profile)).contains("key=mine.key", "token=lbv_secret");
  }

  @Test
  void signingOutForgetsTheTokenAlsoWhenTheServerDidBefore() throws IOException {
    signsInAtTheSecondLook();
    run("login", "--server", server.url());
    server.on("POST /v1/sign-out", 200, "{\"signedOut\":true}");
    assertThat(run("logout").exit()).isZero();
    Path profile = home.resolve("profiles/me.properties");
    assertThat(Files.readString(profile)).isEqualTo("server=" + server.url() + "\n");
    looks.set(0);
    run("login");
    server.on("POST /v1/sign-out", 401, "{\"status\":401,\"code\":\"not_signed_in\"}");
    Shell.Result over = run("logout");
    assertThat(over.exit()).as(over.err()).isZero();
    assertThat(Files.readString(profile)).doesNotContain("token");
  }

  @Test
  void aRefusalKeepsTheProfileAsItIs() {
    server.on("POST /v1/sign-in/device", body -> BEGUN);
    server.on(
        "POST /v1/sign-in/device/look",
        422,
        "{\"status\":422,\"code\":\"sign_in_norole\",\"detail\":\"the issuer vouches for nobody here\"}");
    Shell.Result result = run("login", "--server", server.url());
    assertThat(result.exit()).isNotZero();
    assertThat(result.err()).contains("vouches for nobody");
    assertThat(home.resolve("profiles")).doesNotExist();
  }

  @Test
  void withoutAServerItSaysWhatToType() {
    Shell.Result result = run("login");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("lockbox login --server");
  }
}
