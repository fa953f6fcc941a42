package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.core.bundle.Bundle;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.e2e.harness.Terminal;

/// Large statements through psql into the bundle byte for byte, and out of it again by an erasure.
@ExtendWith(SharedDemo.class)
class ErasureTest {
  private static final String CREATE =
      "lockbox request create --tenant acme --resource helpdesk --level masked --for PT30M"
          + " --expert --purpose customer_ticket --ticket SUP-7 --reason \"Quixotic reason\" -o json";

  @Test
  void aMegabyteAndSixteenAreRecordedWholeAndErasedForGood(Demo demo) throws Exception {
    Terminal engineer = demo.terminal("engineer");
    Terminal approver = demo.terminal("acme-approver");
    Terminal auditor = demo.terminal("acme-auditor");
    String id = engineer.types(CREATE).json().text("id");
    approver.types("lockbox approve " + id + " --key acme-approver.key").ends(0);

    String million = statement(1_000_000);
    String most = statement(16 * 1024 * 1024);
    for (String sql : new String[] {million, most}) {
      Path file = Files.createTempFile("large", ".sql");
      Files.writeString(file, sql);
      assertThat(engineer.types("lockbox psql " + id + " -- -At -f " + file).ok())
          .contains(Integer.toString(sql.length() - "select length('');".length()));
    }

    auditor.types("lockbox evidence " + id + " --out large.zip").ends(0);
    String pin = auditor.types("lockbox tenant show acme --pin").ok().strip();
    assertThat(auditor.types("lockbox verify large.zip --pin " + pin).ok())
        .contains("(shortened, ");
    Path zip = Path.of(auditor.types("realpath large.zip").ok().strip());
    assertThat(Bundle.parse(Bytes.of(Files.readAllBytes(zip))).texts().values())
        .anyMatch(text -> text.text().equals(Bytes.ofUtf8(million)))
        .anyMatch(text -> text.text().equals(Bytes.ofUtf8(most)));
    assertThat(found(demo, "Quixotic reason")).isTrue();

    String erase = " --key acme-approver.key --reason 'asked for by a customer'";
    assertThat(approver.types("lockbox erase " + id + erase).ok())
        .contains("erased; logged as entry");
    approver.types("lockbox erase " + id + erase).ends(1).says("nothing is left of it");
    assertThat(found(demo, "Quixotic reason")).isFalse();
    auditor.types("lockbox evidence " + id + " --out erased.zip").ends(0);
    String verify = "lockbox verify erased.zip --pin " + pin;
    assertThat(auditor.types(verify).ok())
        .contains("operation erased on", "reason erased on", "by acme-approver", "asked for by a");
    assertThat(auditor.types(verify + " --explain").ok()).contains("operation erased on");
    assertThat(auditor.types("lockbox log --request " + id).ok()).contains("operation erased on");
    assertThat(engineer.types("lockbox request show " + id).ok()).contains("reason erased on");
  }

  /// A statement of so many bytes.
  private static String statement(int bytes) {
    int around = Bytes.ofUtf8("select length('é');").size();
    return "select length('é" + "x".repeat(bytes - around) + "');";
  }

  /// Whether the control plane's database holds these words in any of the tables for working
  /// copies.
  private static boolean found(Demo demo, String words) throws SQLException {
    String anywhere =
        """
        select exists (select from access_request r where r::text like ?)
            or exists (select from outbox o where o::text like ?)
            or exists (select from idempotency i where convert_from(i.body, 'UTF8') like ?)
        """;
    try (var control = demo.control();
        var statement = control.prepareStatement(anywhere)) {
      for (int i = 1; i <= 3; i++) {
        statement.setString(i, "%" + words + "%");
      }
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getBoolean(1);
      }
    }
  }
}
