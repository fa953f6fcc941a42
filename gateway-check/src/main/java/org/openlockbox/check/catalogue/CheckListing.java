package org.openlockbox.check.catalogue;

import java.net.URI;
import java.time.Duration;
import org.openlockbox.core.access.ResourceId;

/// A checked resource as the catalogue lists it.
///
/// @param url where engineers reach the service
/// @param decideWithin how long approvers have
/// @param memory the database of the catalogue in which gateways remember what they saw of logs
public record CheckListing(CheckSpec spec, URI url, Duration decideWithin, ResourceId memory) {}
