package org.openlockbox.gateway.application;

import java.net.URI;
import java.time.Duration;

/// An application as the catalogue lists it.
///
/// @param url where engineers reach it
/// @param decideWithin how long approvers have
public record ApplicationListing(ApplicationSpec spec, URI url, Duration decideWithin) {}
