/// What a gateway tells a collector of traces about its own work.
@NullMarked
package org.openlockbox.gateway.trace;

import org.jspecify.annotations.NullMarked;
