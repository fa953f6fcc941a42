/// The first page of everybody: what waits for them, what is open, and what was.
@NullMarked
package org.openlockbox.portal.inbox;

import org.jspecify.annotations.NullMarked;
