package org.openlockbox.cli.command.policy;

import java.util.List;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.keyring.KeyringCommand;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.policy.Lint;
import org.openlockbox.core.policy.LintFinding;
import org.openlockbox.core.policy.Policy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "apply",
    description = {
      "Sign a policy and put it in force: it replaces the one before as a whole, from its entry on.",
      "A quorum of the approvers signs it, and every gateway and verifier evaluates it again."
    },
    footer = {
      "",
      "Example:",
      "  lockbox policy apply -f policy.yaml --tenant acme --key acme-approver.key"
    })
public final class PolicyApplyCommand extends KeyringCommand {
  @Mixin private final PolicyFile file = new PolicyFile();

  @Option(
      names = "--with-errors",
      description = "Also if requests would wait for people that there are not.")
  private boolean withErrors;

  public PolicyApplyCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    Policy policy = file.read(terminal());
    Keyring keyring = keyring();
    List<LintFinding> findings = Lint.of(policy, keyring.approvers());
    findings.forEach(finding -> terminal().say(PolicyLintCommand.line(finding)));
    if (!PolicyLintCommand.isSound(findings) && !withErrors) {
      throw new Failure(
          ExitCode.FAILURE, "nothing was signed", "lockbox policy apply --with-errors");
    }
    return send(
        "policy",
        keyring,
        signed(keyring, new KeyringChange.Edit.ReplacePolicy(policy)),
        "in force: " + policy.words());
  }
}
