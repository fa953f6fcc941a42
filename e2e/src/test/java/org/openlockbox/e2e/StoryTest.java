package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.core.bundle.BundleCheck;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Mail;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.tlog.tree.Hash;

/// The README's story, typed line by line by the people who type it.
@ExtendWith(SharedDemo.class)
class StoryTest {
  private static final String CREATE =
      "lockbox request create --tenant acme --resource helpdesk --level masked --for PT30M"
          + " --purpose customer_ticket --ticket SUP-1 --reason \"Cannot log in\" -o json";

  @Test
  void theStoryOfTheReadme(Demo demo) throws Exception {
    Terminal engineer = demo.terminal("engineer").withoutHost();
    Terminal approver = demo.terminal("acme-approver").withoutHost();
    Answer asked = engineer.types(CREATE);
    String id = asked.json().text("id");
    assertThat(id).matches("R-[0-9A-HJKMNP-TV-Z]{10}");
    assertThat(asked.json().text("state")).isEqualTo("pending");

    nothingIsDialledBeforeAcmeSigned(demo, id);

    Answer signed = approver.types("lockbox approve " + id + " --key acme-approver.key");
    assertThat(signed.ok()).contains("approved until", "signed; logged as entry", "proof");
    mailTellsOf(demo, id);

    Answer rows =
        engineer.types(
            "lockbox psql "
                + id
                + " -- -At -c 'select count(*) from customers'"
                + " -c 'select id, email from customers order by id limit 3'");
    assertThat(rows.ok().lines().findFirst()).hasValue(acmesCustomers(demo));
    assertThat(rows.lines().subList(1, 4)).allMatch(line -> line.matches("\\d+\\|.\\*\\*\\*@.*"));
    rows.says("OpenLockbox: " + id, "level masked", "every statement is recorded");

    approver.types("lockbox revoke " + id + " --key acme-approver.key").ends(0);
    engineer.types("lockbox psql " + id + " -- -c 'select 1'").ends(7).says("revoked by acme");
    theAuditorBelievesNothing(demo, id);
  }

  private static void nothingIsDialledBeforeAcmeSigned(Demo demo, String id) throws Exception {
    demo.terminal("engineer")
        .withoutHost()
        .types("lockbox psql " + id + " -- -c 'select 1'")
        .ends(5)
        .says("waiting for acme");
    assertThat(count(demo, "select count(*) from connect_statement where request_id = '%s'", id))
        .isZero();
  }

  private static void mailTellsOf(Demo demo, String id) {
    Pause.until(
        "mail to both addresses of acme that the request was approved",
        Duration.ofSeconds(10),
        () ->
            demo.mails().stream()
                    .filter(mail -> mail.source().contains(id) && mail.source().contains("pproved"))
                    .map(Mail::to)
                    .distinct()
                    .filter(to -> to.endsWith("@acme.example"))
                    .count()
                == 2);
  }

  private static String acmesCustomers(Demo demo) throws Exception {
    try (var helpdesk = demo.helpdesk();
        var statement = helpdesk.createStatement();
        var rows =
            statement.executeQuery(
                "select count(*), count(distinct tenant_id) filter (where tenant_id <> 1)"
                    + " from helpdesk.customers where tenant_id = 1")) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static long count(Demo demo, String sql, String id) throws Exception {
    try (var control = demo.control();
        var statement = control.createStatement();
        var rows = statement.executeQuery(sql.formatted(id))) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void theAuditorBelievesNothing(Demo demo, String id) throws Exception {
    Terminal auditor = demo.terminal("acme-auditor").withoutHost();
    auditor.types("lockbox evidence " + id + " --out a.zip").ends(0);
    String pin = auditor.types("lockbox tenant show acme -o json | jq -r .pin").ok().strip();
    assertThat(pin).matches("[0-9a-f]{64}");
    String verify = "lockbox verify a.zip --pin " + pin;
    String story = auditor.types(verify).ok();
    assertThat(story)
        .containsSubsequence(
            "Erin Engineer", "acme-approver  approved", "count(*) from customers", "revoked");
    auditor.types("lockbox verify a.zip --pin " + "0".repeat(64)).ends(1);
    auditor.types("lockbox evidence " + id + " --disclose decisions --out b.zip").ends(0);
    assertThat(auditor.types("lockbox verify b.zip --explain --pin " + pin).ok())
        .contains("query 0: text not disclosed", "How this is known")
        .doesNotContain("count(*) from customers");
    auditor.types("lockbox watch acme --pin " + pin).ends(0).says("nothing is wrong: ");
    auditor.types("lockbox watch acme --pin " + pin).ends(0).says("nothing is wrong: ");

    Path bundle = demo.desk().resolve("a.zip");
    byte[] bytes = Files.readAllBytes(bundle);
    everyChangedByteIsSeen(bytes.clone(), pin);
    bytes[bytes.length / 2] ^= 1;
    Files.write(bundle, bytes);
    auditor.types(verify).ends(1).says("NOT VERIFIED: ");
  }

  private static void everyChangedByteIsSeen(byte[] bytes, String pin) {
    var expected = Optional.of(Hash.ofHex(pin));
    for (int at = 0; at < bytes.length; at += Math.max(1, bytes.length / 97)) {
      bytes[at] ^= 0x20;
      assertThat(BundleCheck.verify(bytes, expected))
          .as("a bundle whose byte %d was changed", at)
          .isInstanceOf(BundleCheck.Invalid.class);
      bytes[at] ^= 0x20;
    }
  }
}
