/// The gateway's own connections to a protected database: one-shot roles, the state of the fence,
/// and what gateways remember of logs.
@NullMarked
package org.openlockbox.postgres.database;

import org.jspecify.annotations.NullMarked;
