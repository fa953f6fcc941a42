/// Memories of what was signed that several servers share: nothing of them is on a server's disk.
@NullMarked
package org.openlockbox.server.log.memory;

import org.jspecify.annotations.NullMarked;
