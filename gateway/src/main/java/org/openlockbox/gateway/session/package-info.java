/// A live session: one client, one one-shot role, one upstream connection, one end.
@NullMarked
package org.openlockbox.gateway.session;

import org.jspecify.annotations.NullMarked;
