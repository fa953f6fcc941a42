package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.e2e.harness.Terminal;

/// An auditor who has a bundle, a file and docs/postgres-gateway.md finds out which statement made
/// the file, and that it is whole: with the lines that stand there.
@ExtendWith(SharedDemo.class)
class CopiedOutTest {
  private static final Pattern LINE = Pattern.compile("`([^`]+)`");

  /// The commands of the paragraph that tells it, in order.
  private static List<String> lines() throws IOException {
    var page = Files.readString(Distribution.home().resolve("docs/postgres-gateway.md"));
    var told = page.substring(page.indexOf("- Rows are not kept."));
    var lines =
        LINE.matcher(told.substring(0, told.indexOf("\n- ", 1)))
            .results()
            .map(match -> match.group(1))
            .filter(line -> line.contains(" | "))
            .toList();
    assertThat(lines).hasSize(3);
    return lines;
  }

  @Test
  void theLinesOfThePageTellWhichStatementMadeAFile(Demo demo) throws IOException {
    String id = demo.askAndApprove("acme", "masked", "--for PT10M");
    String copy = "\\copy (select id, email from customers order by id limit 50) to 'FILE' csv";
    var engineer = demo.terminal("engineer");
    engineer.types("lockbox psql %s -- -c \"%s\" -c 'select 1'".formatted(id, copy)).ends(0);
    engineer.types("(cat FILE; echo) > changed").ends(0);
    var auditor = demo.terminal("acme-auditor");
    auditor.types("lockbox evidence " + id + " --out bundle.zip").ends(0);

    var typed = lines();
    var text =
        auditor.types(typed.getFirst()).lines().stream()
            .map(line -> line.split(" ", 3))
            .filter(parts -> parts[2].startsWith("\"COPY") && parts[2].contains("limit 50"))
            .findFirst()
            .orElseThrow();
    assertThat(claims(auditor, typed, text, "FILE")).contains("\"units\":50");
    assertThat(claims(auditor, typed, text, "changed")).doesNotContain("units");
  }

  /// What the log has of the statement, and of this file.
  private static String claims(Terminal auditor, List<String> typed, String[] text, String file) {
    var sum = typed.get(1).replace("SALT", text[0]).replace("FILE", file);
    var hash = auditor.types(sum).ok().split(" ", 2)[0];
    var said =
        auditor.types(typed.get(2).replace("COMMITMENT", text[1]).replace("HASH", hash)).ok();
    assertThat(said).contains("\"text\":\"" + text[1]);
    return said;
  }
}
