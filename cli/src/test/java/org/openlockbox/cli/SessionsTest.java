package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.testing.SettableClock;

final class SessionsTest {
  private static final String CLOSED =
      """
      {"id":"S-0000000000000001","tenant":"acme","request":"R-7K3F92QX4M","engineer":"eve",
       "state":"closed","openTime":"2026-01-01T00:00:00Z","statements":12,"rows":345}
      """;
  private static final String OPEN =
      """
      {"id":"S-0000000000000002","tenant":"acme","request":"R-7K3F92QX4M","engineer":"eve",
       "state":"open","openTime":"2026-01-01T00:05:00Z"}
      """;

  @TempDir Path home;
  private final StubServer server = new StubServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell.Result list(String sessions, String... options) {
    server.on("GET /v1/sessions", 200, "{\"sessions\":[" + sessions + "]}");
    var words = new String[options.length + 2];
    words[0] = "sessions";
    words[1] = "ls";
    System.arraycopy(options, 0, words, 2, options.length);
    var listed = new Shell(home, new SettableClock()).at(server).run(words);
    assertThat(listed.exit()).as(listed.err()).isZero();
    return listed;
  }

  @Test
  void onlyThoseThatAreOpenAreListedUnlessAllAreAskedFor() {
    assertThat(list(OPEN + "," + CLOSED).out())
        .contains("S-0000000000000002")
        .doesNotContain("S-0000000000000001", "STATEMENTS");
    assertThat(list(OPEN + "," + CLOSED, "-o", "json").out())
        .contains("S-0000000000000002")
        .doesNotContain("S-0000000000000001");
    assertThat(list(OPEN + "," + CLOSED, "--all").out())
        .containsPattern("S-0000000000000002 .* open\n")
        .containsPattern("S-0000000000000001 .* closed .* 12 +345");
  }

  @Test
  void noneAreSaidToBeNone() {
    assertThat(list(CLOSED).err()).contains("no open sessions").contains("--all");
    assertThat(list("", "--all").err()).contains("no sessions");
  }
}
