/// What the catalogue says of an application that is its own gateway: read by the server, which
/// lists it, and by the application.
@NullMarked
package org.openlockbox.gateway.application;

import org.jspecify.annotations.NullMarked;
