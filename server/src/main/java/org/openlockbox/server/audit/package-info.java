/// What a tenant's people look up afterwards: which access there was, found by what they know of
/// it.
@NullMarked
package org.openlockbox.server.audit;

import org.jspecify.annotations.NullMarked;
