package org.openlockbox.server.enrolment;

import java.time.Instant;
import org.openlockbox.core.keyring.ApproverKey;

/// A passkey that one of a tenant's people made here, as it would stand in the keyring. `backedUp`:
/// it was on other devices as well when it was made.
public record EnrolledKey(ApproverKey key, boolean backedUp, Instant enrolledAt) {}
