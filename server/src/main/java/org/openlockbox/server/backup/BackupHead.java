package org.openlockbox.server.backup;

import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.server.log.head.SignedHeads;
import org.openlockbox.tlog.tree.Hash;

/// A tenant's log at one moment.
///
/// @param pin the hash of its first entry
public record BackupHead(LogOrigin origin, Hash pin, SignedHeads.TreeHead head) {}
