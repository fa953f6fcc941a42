package org.openlockbox.server.portal;

import org.openlockbox.core.policy.Finding;

/// What stands out in a policy, in the reader's language.
public record FindingLine(Finding.Severity severity, String words) {}
