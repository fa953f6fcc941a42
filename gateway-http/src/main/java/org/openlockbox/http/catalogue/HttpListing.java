package org.openlockbox.http.catalogue;

import java.time.Duration;
import org.openlockbox.core.access.ResourceId;

/// An HTTP resource as the catalogue lists it.
///
/// @param decideWithin how long approvers have
/// @param memory the database of the catalogue in which gateways remember what they saw of logs
public record HttpListing(HttpSpec spec, Duration decideWithin, ResourceId memory) {}
