/// What the fence of PostgreSQL costs a query.
@NullMarked
package org.openlockbox.bench.fence;

import org.jspecify.annotations.NullMarked;
