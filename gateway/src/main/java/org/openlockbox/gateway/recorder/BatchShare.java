package org.openlockbox.gateway.recorder;

/// How much of one batch may be of one tenant, and of one access, by weight.
///
/// @param batch the batch's number
record BatchShare(long batch, long ofTenant, long ofAccess) {}
