/// Requests as they are stored: their rows, and what can be read of them.
@NullMarked
package org.openlockbox.server.request;

import org.jspecify.annotations.NullMarked;
