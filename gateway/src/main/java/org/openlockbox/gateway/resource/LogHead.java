package org.openlockbox.gateway.resource;

import org.openlockbox.tlog.tree.Hash;

/// What gateways saw last of one tenant's log.
///
/// @param pin SHA-256 of its first entry
/// @param keyringIndex the newest entry of the keyring
/// @param keyringDigest stands for it and all of them before it
/// @param recovery the newest entry that admits a loss; -1 if there is none
public record LogHead(
    Hash pin, long size, Hash root, long keyringIndex, Hash keyringDigest, long recovery) {}
