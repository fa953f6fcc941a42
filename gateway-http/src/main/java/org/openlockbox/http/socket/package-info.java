/// The gate at the engineer's socket.
@NullMarked
package org.openlockbox.http.socket;

import org.jspecify.annotations.NullMarked;
