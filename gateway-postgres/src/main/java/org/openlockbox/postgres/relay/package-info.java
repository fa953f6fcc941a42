/// The relay of one session: one client, one one-shot role, one connection to the database.
@NullMarked
package org.openlockbox.postgres.relay;

import org.jspecify.annotations.NullMarked;
