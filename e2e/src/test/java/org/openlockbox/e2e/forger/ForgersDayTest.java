package org.openlockbox.e2e.forger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.bundle.Bundle;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tree.Hash;

/// One false history after another, each told with all that a provider has, its log keys included:
/// what a gateway, `lockbox verify`, and `lockbox watch` (by somebody who had looked before, and by
/// somebody who looks for the first time) say of it is the table of docs/threat-model.md.
@Tag("slow")
@ExtendWith(SharedDemo.class)
class ForgersDayTest {
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final String BEGIN = "|---|---|---|---|---|\n";
  private static final String END = "\n<!-- end of the false histories -->";
  private static final String KEY = "--key globex-approver.key";

  /// What each of the four said; empty where the lie was believed.
  private record Noticed(String gateway, String verify, String watch, String firstWatch) {
    boolean nobody() {
      return (gateway + verify + watch + firstWatch).isEmpty();
    }

    String row(String lie) {
      return "| %s | %s | %s | %s | %s |\n"
          .formatted(lie, cell(gateway), cell(verify), cell(watch), cell(firstWatch));
    }

    /// What differs from run to run is left out.
    private static String cell(String said) {
      return said.replaceAll("R-[0-9A-Z]{10}", "R-…")
          .replaceAll("S-[0-9A-Z]{16}", "S-…")
          .replaceAll("[0-9a-f]{64}", "…")
          .replaceAll("; the (contradicting checkpoint|epoch shown) is .*", "")
          .replaceAll("[0-9]+", "N");
    }
  }

  private static Demo demo;
  private static Terminal globex;
  private static Hash pin;
  private static RequestId done;
  private static RequestId asked;
  private static Forger forger;

  @BeforeAll
  static void aTrueStory(Demo shared) throws Exception {
    demo = shared;
    globex = demo.terminal("globex-approver");
    pin = Hash.ofHex(globex.types("lockbox tenant show globex -o json").json().text("pin"));
    globex.types("lockbox key new temp.key").ends(0);
    globex.types("lockbox key add temp:Temp=temp.key --tenant globex " + KEY).ends(0);
    String temp = globex.types("lockbox key show temp.key -o json").json().text("keyId");
    globex.types("lockbox key remove %s --tenant globex %s".formatted(temp, KEY)).ends(0);
    String id = demo.askAndApprove("globex", "masked", "--for PT10M");
    done = new RequestId(id);
    asked = new RequestId(demo.ask("globex", "read", "--for PT10M"));
    demo.terminal("engineer")
        .types("lockbox psql %s -- -At -c 'select 1' -c 'select 2' -c 'select 3'".formatted(id))
        .ends(0);
    globex.types("lockbox revoke %s %s".formatted(id, KEY)).ends(0);
    watch("server", "seen").ends(0);
    globex.types("lockbox evidence %s --out true.zip".formatted(id)).ends(0);
    Bundle bundle = Bundle.parse(Bytes.of(Files.readAllBytes(demo.desk().resolve("true.zip"))));
    List<Bytes> log =
        Files.readAllLines(demo.desk().resolve("seen/entries.jsonl")).stream()
            .map(Bytes::ofUtf8)
            .toList();
    SigningKeys keys = SigningKeys.parse(Files.readString(demo.key("log.key")));
    forger = new Forger(log, keys, bundle.texts());
  }

  /// Somebody of globex reads the whole log, with the copy in this directory.
  private static Answer watch(String server, String copy) {
    String at = server.equals("server") ? "" : "LOCKBOX_SERVER=" + server + " ";
    return globex.types(
        at + "lockbox watch globex --pin %s --copy %s".formatted(pin.hex(), copy),
        Duration.ofMinutes(1));
  }

  @Test
  void theTableOfTheThreatModel() throws Exception {
    assertThat(noticed(forger.tell(done, _ -> {})).nobody()).as("the truth is believed").isTrue();
    var rows = new StringBuilder();
    for (var lie : new Lies(forger, done, asked).all().entrySet()) {
      var noticed = noticed(lie.getValue());
      assertThat(noticed.nobody()).as(lie.getKey()).isFalse();
      rows.append(noticed.row(lie.getKey()));
    }
    var page = Distribution.home().resolve("docs/threat-model.md");
    var text = Files.readString(page);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    if (System.getProperty("lockbox.spec.write") != null) {
      Files.writeString(page, text.substring(0, from) + rows + text.substring(to));
    } else {
      assertThat(text.substring(from, to)).isEqualTo(rows.toString());
    }
  }

  private static Noticed noticed(Lie lie) throws IOException {
    Files.write(demo.desk().resolve("lie.zip"), lie.bundle().toArray());
    globex.types("rm -rf again first && cp -r seen again").ends(0);
    try (LyingServer server = new LyingServer(lie, GLOBEX.value(), truth())) {
      return new Noticed(
          lie.refusedByAGateway(pin, GLOBEX).orElse(""),
          said(globex.types("lockbox verify lie.zip --pin " + pin.hex()), Answer::err),
          said(watch(server.address().toString(), "again"), Answer::out),
          said(watch(server.address().toString(), "first"), Answer::out));
    }
  }

  private static URI truth() {
    return URI.create("http://127.0.0.1:" + demo.port("server"));
  }

  private static String said(Answer answer, Function<Answer, String> where) {
    if (answer.exit() == 0) {
      return "";
    }
    assertThat(answer.exit()).as(answer::toString).isEqualTo(1);
    return where.apply(answer).lines().findFirst().orElseThrow();
  }
}
