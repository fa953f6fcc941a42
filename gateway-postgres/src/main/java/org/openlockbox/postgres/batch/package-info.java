/// What a client has sent and PostgreSQL has not answered yet, and the prepared statements it
/// names.
@NullMarked
package org.openlockbox.postgres.batch;

import org.jspecify.annotations.NullMarked;
