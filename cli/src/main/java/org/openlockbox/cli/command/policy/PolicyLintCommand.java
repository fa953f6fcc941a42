package org.openlockbox.cli.command.policy;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.signing.TenantKeyring;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.policy.Lint;
import org.openlockbox.core.policy.LintFinding;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.policy.RuleId;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "lint",
    description = {
      "Look a policy through before it is signed: what is no policy, with line and column; rules that",
      "never decide, questions that nobody can answer, write access that nobody is asked about.",
      "Exit code 1 if it is no policy, or if requests would wait for people that there are not."
    },
    footer = {"", "Example:", "  lockbox policy lint -f policy.yaml --tenant acme"})
public final class PolicyLintCommand extends LockboxCommand {
  @Mixin private final PolicyFile file = new PolicyFile();

  @Option(names = "--tenant", required = true, paramLabel = "T", description = "The tenant.")
  private @Nullable TenantId tenant;

  public PolicyLintCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    Policy policy = file.read(terminal());
    Set<SubjectId> approvers =
        TenantKeyring.fetch(api(), String.valueOf(tenant), call.surroundings().config(), terminal())
            .approvers();
    List<LintFinding> findings = Lint.of(policy, approvers);
    findings.forEach(finding -> terminal().print(line(finding)));
    if (findings.isEmpty()) {
      terminal().mention(terminal().good("nothing stands out"));
    }
    return isSound(findings) ? ExitCode.OK : ExitCode.FAILURE;
  }

  /// Whether no finding is an error.
  static boolean isSound(List<LintFinding> findings) {
    return findings.stream()
        .noneMatch(finding -> finding.severity() == LintFinding.LintSeverity.ERROR);
  }

  static String line(LintFinding finding) {
    return Terminal.clean(
        "%s: %s%s"
            .formatted(
                finding.severity().word(),
                finding.rule().map(RuleId::value).map(id -> "rule " + id + ": ").orElse(""),
                finding.what()));
  }
}
