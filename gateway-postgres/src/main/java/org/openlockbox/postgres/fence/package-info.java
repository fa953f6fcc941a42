/// The fence inside the protected PostgreSQL database: what the catalogue promises, the SQL that
/// makes it so, the check that it still is so, and the one-shot role of each session.
@NullMarked
package org.openlockbox.postgres.fence;

import org.jspecify.annotations.NullMarked;
