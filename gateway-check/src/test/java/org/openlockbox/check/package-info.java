/// Checks, over real sockets and real proxies.
@NullMarked
package org.openlockbox.check;

import org.jspecify.annotations.NullMarked;
