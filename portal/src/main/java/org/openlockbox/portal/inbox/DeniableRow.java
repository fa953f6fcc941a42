package org.openlockbox.portal.inbox;

/// A request that can be denied together with others: the token that leads it to the signing page,
/// and whether it is chosen at first.
public record DeniableRow(InboxRow row, String handover, boolean chosen) {}
