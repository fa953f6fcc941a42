package org.openlockbox.core.access;

import java.time.Instant;

/// One approver's yes. Holding one proves nothing; the signed decision in the log does.
public record Approval(SubjectId approver, Allowance allowance, Instant at) {}
