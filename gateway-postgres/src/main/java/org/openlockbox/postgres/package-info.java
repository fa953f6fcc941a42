/// PostgreSQL's side of a gateway: how a client logs in, and what it is told.
@NullMarked
package org.openlockbox.postgres;

import org.jspecify.annotations.NullMarked;
