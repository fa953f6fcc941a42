/// A live session: one client, one login of its own at the service, one end.
@NullMarked
package org.openlockbox.gateway.session;

import org.jspecify.annotations.NullMarked;
