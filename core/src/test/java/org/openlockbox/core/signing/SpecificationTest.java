package org.openlockbox.core.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;

/// The worked example of docs/spec/signatures.md, recomputed from the key file on the page.
class SpecificationTest {
  @Test
  void theWorkedExampleIsWhatTheCodeMakes() throws IOException {
    var page = Files.readString(Path.of("../docs/spec/signatures.md"));
    var key = KeyFile.parse(page.substring(page.indexOf("## 7.")));
    KeyFile.format(key).lines().forEach(line -> assertShown(page, line));
    assertShown(page, key.key().keyId().hex());

    var statement =
        Envelope.unsigned(
            "application/vnd.lockbox.decision.v1+json",
            Json.object()
                .put("approver", "mia")
                .put("decision", "approve")
                .put("tenant", "acme")
                .put("v", 1)
                .build());
    assertShown(page, statement.payload().utf8());
    assertShown(page, statement.pae().utf8());
    assertShown(page, Bytes.of(statement.pae().sha256().bytes()).base64Url());
    assertShown(page, CanonicalJson.text(statement.signedBy(key).toJson()));
  }

  private static void assertShown(String page, String line) {
    assertThat(page).contains("    " + line + "\n");
  }
}
