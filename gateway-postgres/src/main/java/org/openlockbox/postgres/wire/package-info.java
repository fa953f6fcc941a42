/// The messages of the PostgreSQL wire protocol 3.0. Both peers are hostile.
@NullMarked
package org.openlockbox.postgres.wire;

import org.jspecify.annotations.NullMarked;
