/// What waits to be sent, and what became of it.
@NullMarked
package org.openlockbox.server.notify.outbox;

import org.jspecify.annotations.NullMarked;
