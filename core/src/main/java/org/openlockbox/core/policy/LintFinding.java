package org.openlockbox.core.policy;

import java.util.List;
import java.util.Optional;

/// What stands out in a policy, at which rule where it is one; `about` fills the places of its
/// sentence, in their order.
public record LintFinding(LintKind kind, Optional<RuleId> rule, List<Object> about) {
  /// How bad it is.
  public enum LintSeverity {
    /// Requests would wait for people that there are not.
    ERROR("error"),
    /// It works, and may surprise.
    WARNING("warning");

    private final String word;

    LintSeverity(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /// What can stand out.
  public enum LintKind {
    /// The rules before it match all that it matches.
    NEVER_DECIDES(
        LintSeverity.WARNING,
        "never-decides",
        "it never decides: the rules before it match all that it matches"),
    /// It approves changes of data by itself.
    WRITES_UNASKED(
        LintSeverity.WARNING, "writes-unasked", "it gives write access without asking anybody"),
    /// It approves whatever is asked.
    ALL_UNASKED(LintSeverity.WARNING, "all-unasked", "it approves every request: nobody is asked"),
    /// What it looks at is not the tenant's to know.
    RESTS_ON_PROVIDER(
        LintSeverity.WARNING,
        "rests-on-provider",
        "country, employer and human or agent are your provider's word: its directory's, or its"
            + " sign-in's"),
    /// A country of its list is none.
    UNKNOWN_COUNTRY(LintSeverity.WARNING, "unknown-country", "no country has the code %s"),
    /// A country of its list is none, and another code is meant: engineers may have either.
    MISTAKEN_COUNTRY(
        LintSeverity.WARNING, "mistaken-country", "no country has the code %s: name %s as well"),
    /// Nobody can answer its question.
    NOBODY_ASKED(LintSeverity.ERROR, "nobody-asked", "nobody of those it asks is an approver"),
    /// It asks so many approvers, of whom there are so many.
    TOO_FEW(LintSeverity.ERROR, "too-few", "it asks %d approvers, and there are %d"),
    /// It needs so many of a group, in which so many are approvers.
    TOO_FEW_OF_GROUP(
        LintSeverity.ERROR, "too-few-of-group", "it needs %d of %s, where there are %d approvers"),
    /// Somebody in a group cannot sign.
    NO_APPROVER_IN_GROUP(
        LintSeverity.WARNING, "no-approver-in-group", "%s, in the group %s, is no approver"),
    /// Somebody who stands in for another cannot sign.
    NO_APPROVER_STANDS_IN(
        LintSeverity.WARNING, "no-approver-stands-in", "%s, who stands in for %s, is no approver"),
    /// Nobody in the group of the escalation can sign.
    NOBODY_TO_ESCALATE_TO(
        LintSeverity.WARNING, "nobody-to-escalate-to", "nobody is there to escalate to: %s");

    private final LintSeverity severity;
    private final String word;
    private final String sentence;

    LintKind(LintSeverity severity, String word, String sentence) {
      this.severity = severity;
      this.word = word;
      this.sentence = sentence;
    }

    /// Names it in message ids.
    public String word() {
      return word;
    }

    /// How much its sentence names.
    public int places() {
      return sentence.split("%", -1).length - 1;
    }
  }

  public LintFinding {
    about = List.copyOf(about);
  }

  public LintSeverity severity() {
    return kind.severity;
  }

  /// In a sentence that may be shown.
  public String what() {
    return kind.sentence.formatted(about.toArray());
  }
}
