package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.e2e.harness.Terminal;

/// An approver and an engineer who have nothing but SSH keys.
@ExtendWith(SharedDemo.class)
class SshKeyTest {
  @Test
  void whatAnSshKeySignedLetsTheEngineerInAndEveryVerifierBelievesIt(Demo demo) throws Exception {
    Terminal approver = demo.terminal("acme-approver");
    approver
        .types(
            "ssh-keygen -q -t ed25519 -N '' -f ssh_ann && ssh-keygen -q -t ecdsa -N '' -f ssh_erin")
        .ends(0);
    approver
        .types("lockbox key add acme-approver=ssh_ann --tenant acme --key acme-approver.key")
        .ends(0);
    String ann = approver.types("lockbox key show ssh_ann -o json | jq -r .keyId").ok().strip();

    withKey(demo, "engineer", "engineer-ssh", demo.desk().resolve("ssh_erin.pub"));
    Terminal engineer = demo.terminal("engineer-ssh");
    String id =
        engineer
            .types(
                "lockbox request create --tenant acme --resource helpdesk --level masked --for PT30M"
                    + " --purpose customer_ticket --ticket SUP-1 --reason 'Cannot log in' -o json")
            .json()
            .text("id");
    approver
        .types("lockbox approve " + id + " --key ssh_ann")
        .ends(0)
        .says("You sign as acme-approver");
    assertThat(
            engineer.types("lockbox psql " + id + " -- -Atc 'select count(*) from customers'").ok())
        .matches("[1-9][0-9]*\n");
    approver.types("lockbox revoke " + id + " --key ssh_ann.pub").ends(0);
    engineer.types("lockbox psql " + id + " -- -c 'select 1'").ends(7);
    approver.types("lockbox key remove " + ann + " --tenant acme --key ssh_ann").ends(0);

    everyVerifierBelievesIt(demo, id);
  }

  /// A profile like another one, but with this key.
  private static void withKey(Demo demo, String like, String name, Path key) throws Exception {
    Path profiles = demo.state().resolve("cli/profiles");
    Path made = profiles.resolve(name + ".properties");
    Files.copy(profiles.resolve(like + ".properties"), made);
    String text = Files.readString(made).replaceAll("(?m)^key=.*\n?", "");
    Files.writeString(made, text.stripTrailing() + "\nkey=" + key + "\n");
  }

  private static void everyVerifierBelievesIt(Demo demo, String id) {
    Terminal auditor = demo.terminal("acme-auditor");
    auditor.types("lockbox evidence " + id + " --out ssh.zip").ends(0);
    String pin = auditor.types("lockbox tenant show acme --pin").ok().strip();
    assertThat(auditor.types("lockbox verify ssh.zip --pin " + pin).ok())
        .contains("sshsig", "acme-approver  approved", "revoked");
    String python = Distribution.home().resolve("docs/spec/verify.py").toString();
    assertThat(auditor.types("/usr/bin/python3 -B " + python + " ssh.zip " + pin).ok())
        .contains("1 operations");
    auditor.types("rm -rf ssh && /usr/bin/python3 -m zipfile -e ssh.zip ssh").ends(0);
    assertThat(auditor.types("bash ssh/verify.sh " + pin).ok())
        .contains("acme-approver  decision approve", "acme-approver  revoke", "1 operations");
  }
}
