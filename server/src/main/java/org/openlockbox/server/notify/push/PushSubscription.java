package org.openlockbox.server.notify.push;

import java.time.Instant;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.notify.outbox.SubscriptionId;

/// A browser of one of a tenant's approvers that is told by web push, as people see it: not where
/// it is reached, which is worth something.
public record PushSubscription(
    SubscriptionId id, SubjectId person, String host, String browser, Instant createdAt) {}
