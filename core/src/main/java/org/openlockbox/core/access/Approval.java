package org.openlockbox.core.access;

import java.time.Instant;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.subject.SubjectId;

/// One approver's yes, and the key that signed it. Holding one proves nothing; the signed decision
/// in the log does.
public record Approval(SubjectId approver, KeyId key, Allowance allowance, Instant at) {}
