package org.openlockbox.core.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.SubjectId;

/// Looks a policy through, before it is signed, for what its author will not have meant.
public final class Lint {
  /// How bad it is.
  public enum Severity {
    /// Requests would wait for people that there are not.
    ERROR("error"),
    /// It works, and may surprise.
    WARNING("warning");

    private final String word;

    Severity(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /// What stands out, at which rule where it is one.
  public record Finding(Severity severity, Optional<RuleId> rule, String what) {}

  private final Policy policy;
  private final Set<SubjectId> approvers;
  private final Analysis analysis;
  private final List<Finding> findings = new ArrayList<>();

  private Lint(Policy policy, Set<SubjectId> approvers) {
    this.policy = policy;
    this.approvers = Set.copyOf(approvers);
    this.analysis = Analysis.of(policy);
  }

  /// What stands out where these are the tenant's approvers.
  public static List<Finding> of(Policy policy, Set<SubjectId> approvers) {
    var lint = new Lint(policy, approvers);
    policy.rules().forEach(lint::look);
    lint.people();
    return List.copyOf(lint.findings);
  }

  private void look(Rule rule) {
    if (analysis.isComplete() && !analysis.decides(rule.id())) {
      warn(rule, "it never decides: the rules before it match all that it matches");
      return;
    }
    switch (rule.effect()) {
      case Effect.Deny _ -> {}
      case Effect.Approve(var caps) -> approves(rule, caps);
      case Effect.Ask(var asked) -> asks(rule, asked);
    }
  }

  private void approves(Rule rule, Caps caps) {
    boolean writes =
        analysis.levels(rule.id()).contains(Level.WRITE)
            && caps.level().orElse(Level.WRITE) == Level.WRITE;
    if (writes) {
      warn(rule, "it gives write access without asking anybody");
    }
    if (rule.match().equals(Match.ALL) && rule.when().isEmpty()) {
      warn(rule, "it approves every request: nobody is asked");
    }
  }

  private void asks(Rule rule, Approvers asked) {
    int able = able(asked);
    if (able == 0) {
      error(rule, "nobody of those it asks is an approver");
    } else if (able < asked.quorum()) {
      error(rule, "it asks %d approvers, and there are %d".formatted(asked.quorum(), able));
    }
    for (var minimum : asked.atLeast()) {
      int there = approversIn(minimum.group());
      if (there < minimum.count()) {
        error(
            rule,
            "it needs %d of %s, where there are %d approvers"
                .formatted(minimum.count(), minimum.group(), there));
      }
    }
  }

  private int able(Approvers asked) {
    if (asked.group().isEmpty()) {
      return approvers.size();
    }
    var people = new HashSet<SubjectId>();
    asked.groups().forEach(group -> people.addAll(policy.listed(group)));
    policy.escalation().ifPresent(step -> people.addAll(policy.listed(step.group())));
    people.retainAll(approvers);
    return people.size();
  }

  private int approversIn(GroupId group) {
    return (int) policy.listed(group).stream().filter(approvers::contains).count();
  }

  private void people() {
    policy
        .groups()
        .forEach(
            (group, members) -> {
              for (var member : members) {
                if (!approvers.contains(member)) {
                  warn("%s, in the group %s, is no approver".formatted(member, group));
                }
              }
            });
    for (var absence : policy.absences()) {
      if (!approvers.contains(absence.standIn())) {
        warn("%s, who stands in for %s, is no approver".formatted(absence.standIn(), absence.of()));
      }
    }
    policy
        .escalation()
        .filter(step -> approversIn(step.group()) == 0)
        .ifPresent(step -> warn("nobody is there to escalate to: " + step.group()));
  }

  private void error(Rule rule, String what) {
    findings.add(new Finding(Severity.ERROR, Optional.of(rule.id()), what));
  }

  private void warn(Rule rule, String what) {
    findings.add(new Finding(Severity.WARNING, Optional.of(rule.id()), what));
  }

  private void warn(String what) {
    findings.add(new Finding(Severity.WARNING, Optional.empty(), what));
  }
}
