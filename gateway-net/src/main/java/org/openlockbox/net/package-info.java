/// Event loops, sockets and TLS for protocols that a gateway relays itself.
@NullMarked
package org.openlockbox.net;

import org.jspecify.annotations.NullMarked;
