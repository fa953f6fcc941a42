/// Threads that last as long as the gateway.
@NullMarked
package org.openlockbox.gateway.thread;

import org.jspecify.annotations.NullMarked;
