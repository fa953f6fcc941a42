package org.openlockbox.gateway.fence;

import org.openlockbox.tlog.Hash;

/// What gateways saw last of one tenant's log.
///
/// @param pin SHA-256 of its first entry
/// @param keyringIndex the newest entry that changed keys, settings or policy
/// @param keyringEntry its SHA-256
/// @param recovery the newest entry that admits a loss; -1 if there is none
public record LogHead(
    Hash pin, long size, Hash root, long keyringIndex, Hash keyringEntry, long recovery) {}
