/// What a gateway needs to know of a protected resource, whatever protocol leads to it.
@NullMarked
package org.openlockbox.gateway.resource;

import org.jspecify.annotations.NullMarked;
