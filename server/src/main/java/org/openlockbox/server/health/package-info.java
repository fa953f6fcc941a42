/// Whether a server can do its work, and what keeps it from it.
@NullMarked
package org.openlockbox.server.health;

import org.jspecify.annotations.NullMarked;
