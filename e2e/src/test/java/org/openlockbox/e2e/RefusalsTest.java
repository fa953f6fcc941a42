package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Api;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.tlog.tree.Hash;

/// Approvals that are none: typed where the client lets them be typed, sent past the client where
/// it does not.
@ExtendWith(SharedDemo.class)
class RefusalsTest {
  private static final String ASK = "--for PT10M";

  @Test
  void aKeyThatIsNotInTheKeyringApprovesNothing(Demo demo) throws Exception {
    String id = demo.ask("acme", "masked", ASK);
    var approver = demo.terminal("acme-approver");
    approver.types("rm -f stranger.key && lockbox key new stranger.key").ends(0);
    approver
        .types("lockbox approve " + id + " --key stranger.key")
        .ends(5)
        .says("is not in the keyring of acme");
    try (Api api = SignedApproval.as(demo, "acme-approver")) {
      var approval = SignedApproval.prepare(api, "acme", id, "acme-approver");
      Path stranger = demo.desk().resolve("stranger.key");
      refused(approval.send(approval.decision(), stranger), "signature");
      refused(approval.send(approval.decision(), demo.key("globex-approver.key")), "signature");
      refused(approval.send(approval.decision(), demo.key("engineer.key")), "signature");
    }
    stillWaits(demo, id);
  }

  @Test
  void theRequestersSideCannotApprove(Demo demo) throws Exception {
    String id = demo.ask("acme", "masked", ASK);
    for (String person : new String[] {"engineer", "reviewer", "operator"}) {
      Answer answer =
          demo.terminal(person).types("lockbox approve " + id + " --key acme-approver.key");
      assertThat(answer.exit()).as(answer::toString).isIn(1, 5);
    }
    try (Api api = SignedApproval.as(demo, "engineer")) {
      var approval = SignedApproval.prepare(api, "acme", id, "acme-approver");
      var reply = approval.send(approval.decision(), demo.key("acme-approver.key"));
      assertThat(reply.status()).isEqualTo(403);
    }
    stillWaits(demo, id);
  }

  @Test
  void anApprovalForAnotherTenantOrOtherTermsCountsForNothing(Demo demo) throws Exception {
    String id = demo.ask("acme", "masked", ASK);
    try (Api api = SignedApproval.as(demo, "acme-approver")) {
      var approval = SignedApproval.prepare(api, "acme", id, "acme-approver");
      Path key = demo.key("acme-approver.key");
      var ref = approval.decision().request();
      assertThat(approval.send(approval.with(new TenantId("globex")), key).status()).isEqualTo(422);
      Hash other = Hash.ofHex("ab".repeat(32));
      var changed = approval.with(new RequestRef(ref.id(), ref.index(), other, ref.assurance()));
      assertThat(approval.send(changed, key).status()).isEqualTo(422);
      var moved =
          approval.with(new RequestRef(ref.id(), ref.index() + 1, ref.sha256(), ref.assurance()));
      assertThat(approval.send(moved, key).status()).isEqualTo(422);
      refused(approval.send(rewritten(approval, key)), "signature");
    }
    stillWaits(demo, id);
  }

  /// The approver's signature under a statement that she did not sign.
  private static Envelope rewritten(SignedApproval approval, Path key) throws Exception {
    Envelope signed = SignedApproval.signed(approval.decision(), key);
    String payload = signed.payload().utf8().replace("\"masked\"", "\"metadata\"");
    return new Envelope(signed.payloadType(), Bytes.ofUtf8(payload), signed.signatures());
  }

  @Test
  void anApprovalWiderThanAskedIsRefused(Demo demo) throws Exception {
    String id = demo.ask("acme", "masked", ASK);
    Answer typed =
        demo.terminal("acme-approver")
            .types("lockbox approve " + id + " --key acme-approver.key --level read");
    assertThat(typed.exit()).as(typed::toString).isIn(1, 2);
    try (Api api = SignedApproval.as(demo, "acme-approver")) {
      var approval = SignedApproval.prepare(api, "acme", id, "acme-approver");
      Path key = demo.key("acme-approver.key");
      Allowance asked = approval.decision().allowance().orElseThrow();
      refused(approval.send(approval.with(atLevel(asked, Level.READ)), key), "level_wider");
      refused(approval.send(approval.with(longer(asked)), key), "time_wider");
    }
    stillWaits(demo, id);
  }

  private static Allowance atLevel(Allowance asked, Level level) {
    return new Allowance(level, asked.window(), asked.duration(), asked.limits());
  }

  private static Allowance longer(Allowance asked) {
    var more = Duration.ofHours(1);
    var window = new Window(asked.window().notBefore(), asked.window().notAfter().plus(more));
    return new Allowance(asked.level(), window, window.length(), asked.limits());
  }

  @Test
  void anApprovalCountsOnceAndNotAfterWithdrawal(Demo demo) throws Exception {
    String twice = demo.ask("acme", "masked", ASK);
    String gone = demo.ask("acme", "masked", ASK);
    Path key = demo.key("acme-approver.key");
    try (Api api = SignedApproval.as(demo, "acme-approver")) {
      var approval = SignedApproval.prepare(api, "acme", twice, "acme-approver");
      Envelope signed = SignedApproval.signed(approval.decision(), key);
      assertThat(approval.send(signed).status()).isEqualTo(200);
      assertThat(approval.send(signed).status()).isEqualTo(409);
      var late = SignedApproval.prepare(api, "acme", gone, "acme-approver");
      demo.terminal("engineer").types("lockbox request withdraw " + gone).ends(0);
      var reply = late.send(late.decision(), key);
      assertThat(reply.status()).isEqualTo(409);
      assertThat(reply.code()).isEqualTo("withdrawn");
    }
    demo.terminal("acme-approver")
        .types("lockbox approve " + twice + " --key acme-approver.key")
        .ends(1)
        .says("is approved already");
    demo.terminal("acme-approver")
        .types("lockbox approve " + gone + " --key acme-approver.key")
        .ends(5)
        .says("withdrawn");
  }

  @Test
  void anotherTenantFindsNothing(Demo demo) {
    String id = demo.askAndApprove("acme", "masked", ASK);
    var globex = demo.terminal("globex-approver");
    for (String verb :
        new String[] {
          "request show %s",
          "approve %s --key globex-approver.key",
          "deny %s --key globex-approver.key",
          "revoke %s --key globex-approver.key",
          "log --tenant acme",
          "evidence %s --out b.zip",
          "tenant show acme"
        }) {
      Answer answer = globex.types("lockbox " + verb.formatted(id));
      assertThat(answer.exit()).as(answer::toString).isEqualTo(1);
      assertThat(answer.err())
          .as(answer::toString)
          .contains("there is no such thing, or not for you");
      assertThat(answer.out()).doesNotContain("acme");
    }
    Answer absent = globex.types("lockbox request show R-0000000000");
    Answer present = globex.types("lockbox request show " + id);
    assertThat(present.err().replace(id, "R-0000000000")).isEqualTo(absent.err());
  }

  private static void refused(Api.Reply reply, String code) {
    assertThat(reply.status()).as(reply.code()).isEqualTo(422);
    assertThat(reply.code()).isEqualTo(code);
  }

  private static void stillWaits(Demo demo, String id) {
    demo.terminal("engineer")
        .types("lockbox psql " + id + " -- -c 'select 1'")
        .ends(5)
        .says("waiting for acme");
  }
}
