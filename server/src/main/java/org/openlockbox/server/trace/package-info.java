/// What a server tells a collector of traces about its own work.
@NullMarked
package org.openlockbox.server.trace;

import org.jspecify.annotations.NullMarked;
