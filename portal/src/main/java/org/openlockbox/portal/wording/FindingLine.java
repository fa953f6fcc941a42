package org.openlockbox.portal.wording;

import org.openlockbox.core.policy.LintFinding;

/// What stands out in a policy, in the reader's language.
public record FindingLine(LintFinding.LintSeverity severity, String words) {}
