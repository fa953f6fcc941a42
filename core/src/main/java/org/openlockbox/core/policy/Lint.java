package org.openlockbox.core.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.subject.SubjectId;

/// Looks a policy through, before it is signed, for what its author will not have meant.
public final class Lint {
  private final Policy policy;
  private final Set<SubjectId> approvers;
  private final Analysis analysis;
  private final List<LintFinding> findings = new ArrayList<>();

  private Lint(Policy policy, Set<SubjectId> approvers) {
    this.policy = policy;
    this.approvers = Set.copyOf(approvers);
    this.analysis = Analysis.of(policy);
  }

  /// What stands out where these are the tenant's approvers.
  public static List<LintFinding> of(Policy policy, Set<SubjectId> approvers) {
    var lint = new Lint(policy, approvers);
    policy.rules().forEach(lint::look);
    lint.people();
    return List.copyOf(lint.findings);
  }

  private void look(Rule rule) {
    countries(rule);
    if (analysis.isComplete() && !analysis.decides(rule.id())) {
      find(rule, LintFinding.LintKind.NEVER_DECIDES);
      return;
    }
    switch (rule.effect()) {
      case Effect.Deny _ -> {}
      case Effect.Approve(var caps) -> approves(rule, caps);
      case Effect.Ask(var asked) -> asks(rule, asked);
    }
  }

  /// A rule about a code that no country has may match nobody.
  private void countries(Rule rule) {
    for (var code : rule.match().countries()) {
      if (!LintCountries.isKnown(code)) {
        LintCountries.meant(code)
            .ifPresentOrElse(
                meant -> find(rule, LintFinding.LintKind.MISTAKEN_COUNTRY, code, meant),
                () -> find(rule, LintFinding.LintKind.UNKNOWN_COUNTRY, code));
      }
    }
  }

  private void approves(Rule rule, Caps caps) {
    boolean writes =
        analysis.levels(rule.id()).contains(Level.WRITE)
            && caps.level().orElse(Level.WRITE) == Level.WRITE;
    if (writes) {
      find(rule, LintFinding.LintKind.WRITES_UNASKED);
    }
    if (rule.match().restsOnFacts() && policy.mode().isEmpty()) {
      find(rule, LintFinding.LintKind.RESTS_ON_PROVIDER);
    }
    if (rule.match().equals(Match.ALL) && rule.when().isEmpty()) {
      find(rule, LintFinding.LintKind.ALL_UNASKED);
    }
  }

  private void asks(Rule rule, Approvers asked) {
    int able = able(asked);
    if (able == 0) {
      find(rule, LintFinding.LintKind.NOBODY_ASKED);
    } else if (able < asked.quorum()) {
      find(rule, LintFinding.LintKind.TOO_FEW, asked.quorum(), able);
    }
    for (var minimum : asked.atLeast()) {
      int there = approversIn(minimum.group());
      if (there < minimum.count()) {
        find(rule, LintFinding.LintKind.TOO_FEW_OF_GROUP, minimum.count(), minimum.group(), there);
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
                  find(LintFinding.LintKind.NO_APPROVER_IN_GROUP, member, group);
                }
              }
            });
    for (var absence : policy.absences()) {
      if (!approvers.contains(absence.standIn())) {
        find(LintFinding.LintKind.NO_APPROVER_STANDS_IN, absence.standIn(), absence.of());
      }
    }
    policy
        .escalation()
        .filter(step -> approversIn(step.group()) == 0)
        .ifPresent(step -> find(LintFinding.LintKind.NOBODY_TO_ESCALATE_TO, step.group()));
  }

  private void find(Rule rule, LintFinding.LintKind kind, Object... about) {
    findings.add(new LintFinding(kind, Optional.of(rule.id()), List.of(about)));
  }

  private void find(LintFinding.LintKind kind, Object... about) {
    findings.add(new LintFinding(kind, Optional.empty(), List.of(about)));
  }
}
